import fc from 'fast-check';
import { NETWORKS } from '@caravel/pay-protocol';
import type { Network, SpendLimit } from '@caravel/pay-protocol';
import { toSpendRule } from './limit-rule.js';
import { limitText, parseLimit } from './limit-text.js';

const EVM_TOKEN = `@0x${'aB'.repeat(20)}`;
const SOL_TOKEN = '@EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v';
const networkOf = (wallet: string): Network | undefined => (wallet.startsWith('w_') ? 'ln' : undefined);
const ruleOf = (text: string) => toSpendRule(parseLimit(text, networkOf), { ruleId: 'r_1', origin: 'command' });

describe('a limit as text', () => {
  it.each([
    ['wallet:w_1a2b3c4d:1h:10000sats', 'wallet/w_1a2b3c4d/sats', 3_600_000, 10_000n],
    ['network:cashu:1h:10000sats', 'network/cashu/sats', 3_600_000, 10_000n],
    ['all:24h:5000usd', 'all/usd', 86_400_000, 5_000_000_000n],
    ['all:24h:0.05usd', 'all/usd', 86_400_000, 50_000n],
    ['network:evm:90m:500gwei', 'network/evm/wei', 5_400_000, 500_000_000_000n],
    ['network:evm:1h:1000000000000000000wei', 'network/evm/wei', 3_600_000, 10n ** 18n],
    ['network:evm:1h:100usdc', 'network/evm/usdc', 3_600_000, 100_000_000n],
    ['network:evm:1h:0.000001usdc', 'network/evm/usdc', 3_600_000, 1n],
    ['network:evm:1h:100000000usdc_base_units', 'network/evm/usdc', 3_600_000, 100_000_000n],
    [`network:evm:1h:7@0x${'aB'.repeat(20)}`, `network/evm/0x${'ab'.repeat(20)}`, 3_600_000, 7n],
    ['network:sol:30d:5lamports', 'network/sol/lamports', 2_592_000_000, 5n],
    ['network:ln:1d:12.34usd', 'network/ln/usd', 86_400_000, 12_340_000n],
  ])('%s is a rule on one bucket', (text, ...[bucket, windowMs, max]) => {
    expect(ruleOf(text)).toMatchObject({ bucket, windowMs, max });
  });

  it.each([
    ['all:24h:5000sats', /unit: here usd/],
    ['network:ln:24h:5000wei', /here sats/],
    ['network:ln:24h:5000usdc', /here sats/],
    ['network:lightning:24h:5000sats', /one of cashu/],
    ['network:ln:24h:1.5sats', /0 decimals/],
    ['all:24h:1.005usd', /2 decimals/],
    ['network:ln:24:5000sats', /m, h or d/],
    ['network:ln:0h:5000sats', /m, h or d/],
    ['network:ln:30s:5000sats', /m, h or d/],
    ['network:ln:24h:0sats', /nothing/],
    ['network:ln:24h:5000', /number and its unit/],
    ['network:ln:24h', /scope:place|number and its unit/],
    ['all:24h:5usd:x', /scope:place/],
    ['everything:24h:5usd', /begins with/],
    ['', /begins with/],
  ])('%s is refused, and it is said what would be right', (text, hint) => {
    expect(() => parseLimit(text, networkOf)).toThrow(
      expect.objectContaining({ code: 'invalid_limit', hint: expect.stringMatching(hint) }),
    );
  });

  it('names the wallet that is not here', () => {
    expect(() => parseLimit('wallet:nobody:1h:5sats', networkOf)).toThrow(
      expect.objectContaining({ code: 'wallet_not_found' }),
    );
  });

  it('written and read again is the same rule', () => {
    const anyLimit = fc.record({
      place: fc.constantFrom(...NETWORKS.map((network) => `network:${network}`), 'wallet:w_1', 'all'),
      window: fc.tuple(fc.integer({ min: 1, max: 999 }), fc.constantFrom('m', 'h', 'd')).map((parts) => parts.join('')),
      amount: fc.bigInt(1n, 10n ** 30n),
      unit: fc.constantFrom('sats', 'wei', 'gwei', 'lamports', 'usd', 'usdc', 'usdt_base_units', EVM_TOKEN, SOL_TOKEN),
    });
    fc.assert(
      fc.property(anyLimit, ({ place, window, amount, unit }) => {
        let limit: SpendLimit;
        try {
          limit = parseLimit(`${place}:${window}:${amount}${unit}`, networkOf);
        } catch {
          return;
        }
        const text = limitText(limit)
          .replaceAll(/[$,]/g, '')
          .replace(/(\.\d\d)$/, '$1usd');
        const rule = { ruleId: 'r_1', origin: 'command' } as const;
        const again = toSpendRule(parseLimit(text, networkOf), rule);
        expect({ ...again, said: '' }).toEqual({ ...toSpendRule(limit, rule), said: '' });
      }),
    );
  });
});
