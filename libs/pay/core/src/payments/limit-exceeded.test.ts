import { toSpendRule } from '@caravel/pay-limits';
import { limitExceeded } from './limit-exceeded.js';

const identity = { ruleId: 'r_00000001', origin: 'command' } as const;

describe('a refusal by a limit', () => {
  it('says cents of a rule in dollars, rounded against whoever spends', () => {
    const rule = toSpendRule({ scope: 'global_usd_cents', window_s: 86_400, max_spend: 5000n }, identity);
    expect(limitExceeded({ result: 'limit_exceeded', rule, spent: 10_001n, remainingMs: 1 })).toEqual({
      code: 'limit_exceeded',
      rule_id: 'r_00000001',
      scope: 'global_usd_cents',
      scope_key: 'global-usd-cents',
      spent: 2n,
      max_spend: 5000n,
      remaining_s: 1,
    });
  });

  it('names network and wallet, and the token when there is one', () => {
    const limit = {
      scope: 'wallet',
      network: 'evm',
      wallet: 'w_1',
      window_s: 60,
      max_spend: 7n,
      token: 'usdc',
    } as const;
    const rule = toSpendRule(limit, identity);
    const exceeded = { result: 'limit_exceeded', rule, spent: 5n, remainingMs: 0 } as const;
    expect(limitExceeded(exceeded)).toMatchObject({
      scope: 'wallet',
      scope_key: 'evm/w_1',
      token: 'usdc',
      spent: 5n,
      max_spend: 7n,
      remaining_s: 0,
    });
  });

  it('of a rule in words of another make names its bucket', () => {
    const rule = { ...identity, bucket: 'network/ln/sats', windowMs: 1, max: 3n, said: 'no JSON' };
    expect(limitExceeded({ result: 'limit_exceeded', rule, spent: 2n, remainingMs: 0 })).toMatchObject({
      scope_key: 'network/ln/sats',
      spent: 2n,
      max_spend: 3n,
    });
  });
});
