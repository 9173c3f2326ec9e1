import { approvalRule } from './approval-rule.js';
import type { Approvable } from './approval-rule.js';

const sats = { value: 1000n, token: 'sats' };
const PRICE = 1000n * 10n ** 30n;
const payment = (price?: bigint): Approvable => ({
  network: 'ln',
  wallet: 'w_1',
  quote: { amount: sats, feeBound: sats, debits: [] },
  debits: [{ unit: 'sats', amount: 1010n, ...(price !== undefined && { price }) }],
});
const rule = { ruleId: 'a_1', unit: 'sats', above: 1009n };

describe('a rule of approvals', () => {
  it('watches its network and its wallet only', () => {
    expect(approvalRule(payment(), [rule])).toBe(rule);
    expect(approvalRule(payment(), [{ ...rule, network: 'btc' }])).toBeUndefined();
    expect(approvalRule(payment(), [{ ...rule, wallet: 'w_2' }])).toBeUndefined();
    expect(approvalRule(payment(), [{ ...rule, unit: 'wei' }])).toBeUndefined();
    expect(approvalRule(payment(), [{ ...rule, above: 1010n }])).toBeUndefined();
  });

  it('is the first by its id of those that the payment is above', () => {
    const rules = [{ ...rule, ruleId: 'a_3' }, { ...rule, ruleId: 'a_2', network: 'ln' } as const];
    expect(approvalRule(payment(), rules)?.ruleId).toBe('a_2');
  });

  it('in dollars compares what everything costs, and cannot without a price', () => {
    const dollars = { ruleId: 'a_usd', unit: 'usd', above: 1_009_999n };
    expect(approvalRule(payment(PRICE), [dollars])).toBe(dollars);
    expect(approvalRule(payment(PRICE), [{ ...dollars, above: 1_010_000n }])).toBeUndefined();
    expect(() => approvalRule(payment(), [dollars])).toThrow(expect.objectContaining({ code: 'price_unavailable' }));
  });
});
