import fc from 'fast-check';
import { parsePrice, priceText, usdMicrosOf, within } from './price.js';

describe('a price', () => {
  it('keeps its digits', () => {
    fc.assert(
      fc.property(fc.bigInt(1n, 10n ** 38n - 1n), (price) => {
        expect(parsePrice(priceText(price))).toBe(price);
      }),
    );
    expect(parsePrice('97000.1')).toBe(97_000_100_000_000_000_000_000n);
  });

  it.each(['0', '0.0', '-1', '1e5', 'NaN', '', '1,000', ' 1', `1${'0'.repeat(20)}`])('is not %s', (text) => {
    expect(parsePrice(text)).toBeUndefined();
  });

  it('never makes an amount cost nothing, and never less than it does', () => {
    const price = parsePrice('97000.1') ?? 0n;
    expect(usdMicrosOf(1n, price, 10n ** 8n)).toBe(971n);
    expect(usdMicrosOf(1n, parsePrice('0.000001') ?? 0n, 10n ** 18n)).toBe(1n);
    expect(usdMicrosOf(10n ** 8n, price, 10n ** 8n)).toBe(97_000_100_000n);
    expect(usdMicrosOf(10n ** 30n, price, 10n ** 18n)).toBe(97_000_100_000n * 10n ** 12n);
  });

  it('is within 5 % of another by the lower one', () => {
    expect(within(5n, 100n, 105n)).toBe(true);
    expect(within(5n, 105n, 100n)).toBe(true);
    expect(within(5n, 100n, 106n)).toBe(false);
  });
});
