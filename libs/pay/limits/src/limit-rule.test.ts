import { toLimitStatus, toSpendRule } from './limit-rule.js';
import type { LocatedLimit } from './limit-rule.js';
import { bucketDebits } from './buckets.js';

const identity = { ruleId: 'r_1', origin: 'command' } as const;
const limit: LocatedLimit = { scope: 'network', network: 'ln', window_s: 3600, max_spend: 10_000n };

describe('a limit as an object', () => {
  it.each([
    [limit, 'network/ln/sats', 10_000n],
    [{ ...limit, network: 'evm', token: 'native' }, 'network/evm/wei', 10_000n],
    [{ ...limit, network: 'evm', token: 'USDC' }, 'network/evm/usdc', 10_000n],
    [{ ...limit, network: 'evm', token: 'gwei' }, 'network/evm/wei', 10_000_000_000_000n],
    [{ ...limit, network: 'sol' }, 'network/sol/lamports', 10_000n],
    [{ ...limit, token: 'usd' }, 'network/ln/usd', 100_000_000n],
    [{ ...limit, scope: 'wallet', wallet: 'w_1' }, 'wallet/w_1/sats', 10_000n],
    [{ scope: 'global_usd_cents', window_s: 60, max_spend: 500_000n }, 'all/usd', 5_000_000_000n],
  ] satisfies [LocatedLimit, string, bigint][])('%j watches %s', (said, bucket, max) => {
    expect(toSpendRule(said, identity)).toMatchObject({ bucket, max });
  });

  it.each([
    { ...limit, scope: 'global_usd_cents' },
    { ...limit, network: undefined },
    { ...limit, wallet: 'w_1' },
    { ...limit, scope: 'wallet' },
    { ...limit, token: 'wei' },
    { ...limit, network: 'evm', token: 'sats' },
    { ...limit, network: 'evm', token: 'unheard-of' },
  ] satisfies LocatedLimit[])('%j is refused', (said) => {
    expect(() => toSpendRule(said, identity)).toThrow(expect.objectContaining({ code: 'invalid_limit' }));
  });

  it('of a key counts what that key asked for, besides what everybody did', () => {
    const rule = toSpendRule(limit, { ...identity, origin: 'key', keyName: 'agent' });
    const debits = [{ network: 'ln', walletId: 'w_1', unit: 'sats', amount: 5n, usdMicros: 7n }] as const;
    expect(bucketDebits(debits, 'agent').get(rule.bucket)).toBe(5n);
    expect([...bucketDebits(debits).keys()]).toEqual([
      'wallet/w_1/sats',
      'network/ln/sats',
      'wallet/w_1/usd',
      'network/ln/usd',
      'all/usd',
    ]);
  });

  it('adds what two debits take of one asset, and does not count what has no price in dollars', () => {
    const debit = { network: 'evm', walletId: 'w_1', unit: 'wei', amount: 3n } as const;
    const sums = bucketDebits([debit, { ...debit, amount: 4n }, { ...debit, unit: 'usdc', usdMicros: 9n }]);
    expect(sums.get('network/evm/wei')).toBe(7n);
    expect(sums.get('all/usd')).toBe(9n);
  });

  it('stands in the units it was asked for in: spent is rounded up, the rest down', () => {
    const dollars: LocatedLimit = { scope: 'global_usd_cents', window_s: 3600, max_spend: 100n };
    const rule = toSpendRule(dollars, identity);
    const status = toLimitStatus({ ...rule, spent: 10_001n, oldestAtMs: 1000 }, dollars, 2500);
    expect(status).toMatchObject({ spent: 2n, remaining: 98n, window_reset_s: 3599, text: 'all:1h:$1.00' });
    expect(toLimitStatus({ ...rule, spent: rule.max * 2n, oldestAtMs: null }, dollars, 0)).toMatchObject({
      remaining: 0n,
      window_reset_s: 0,
    });
  });
});
