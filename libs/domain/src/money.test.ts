import fc from 'fast-check';
import { cents, centsToMsats, divideRounded, formatCents } from './money.js';

describe('divideRounded', () => {
  it.each([
    [1n, 2n, 1n],
    [-1n, 2n, -1n],
    [1n, 3n, 0n],
    [-2n, 3n, -1n],
    [5n, 2n, 3n],
    [0n, 7n, 0n],
  ])('rounds %s/%s to %s, halves away from zero', (numerator, denominator, expected) => {
    expect(divideRounded(numerator, denominator)).toBe(expected);
  });

  it('is never further than a half from the exact quotient, and symmetric around zero', () => {
    fc.assert(
      fc.property(fc.bigInt(-(10n ** 30n), 10n ** 30n), fc.bigInt(1n, 10n ** 15n), (numerator, denominator) => {
        const rounded = divideRounded(numerator, denominator);
        const distance = rounded * denominator - numerator;
        expect(2n * (distance < 0n ? -distance : distance)).toBeLessThanOrEqual(denominator);
        expect(divideRounded(-numerator, denominator)).toBe(-rounded);
      }),
    );
  });

  it('refuses a denominator that is not positive', () => {
    expect(() => divideRounded(1n, 0n)).toThrow(RangeError);
  });
});

describe('centsToMsats', () => {
  it('gives whole satoshis, rounded up', () => {
    // 500 cents at $100,000 a bitcoin are exactly 5,000 sats.
    expect(centsToMsats(cents(500), 10_000_000n)).toBe(5_000_000n);
    expect(centsToMsats(cents(500), 9_999_999n)).toBe(5_001_000n);
  });

  it('never asks for less than the price and never for a satoshi more', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 ** 9 }), fc.bigInt(1n, 10n ** 12n), (amount, price) => {
        const sats = centsToMsats(cents(amount), price) / 1000n;
        expect(sats * price).toBeGreaterThanOrEqual(BigInt(amount) * 100_000_000n);
        expect((sats - 1n) * price).toBeLessThan(BigInt(amount) * 100_000_000n);
      }),
    );
  });

  it('refuses what is not a positive amount at a positive price', () => {
    expect(() => centsToMsats(cents(0), 1n)).toThrow(RangeError);
    expect(() => centsToMsats(cents(1), 0n)).toThrow(RangeError);
  });
});

it.each([
  [0, '$0.00'],
  [5, '$0.05'],
  [1234, '$12.34'],
  [-1234, '-$12.34'],
])('formats %i cents as %s', (amount, text) => {
  expect(formatCents(cents(amount))).toBe(text);
});
