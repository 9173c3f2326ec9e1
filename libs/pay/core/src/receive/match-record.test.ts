import type { AwaitedReceipt } from '@caravel/pay-provider';
import { receiptRecord } from '../testing/test-network.js';
import { matchRecord } from './match-record.js';

const SINCE = 1_760_000_000_900;
const lamports = (value: bigint) => ({ value, token: 'lamports' });
const record = (transactionId: string, more: object = {}) =>
  receiptRecord({ transactionId, amount: lamports(5n), createdAtMs: SINCE + 1000, ...more });
const match = (records: ReturnType<typeof record>[], more: Partial<AwaitedReceipt> = {}) =>
  matchRecord(records, { sinceMs: SINCE, syncLimit: 500, ...more })?.transactionId;

describe('what a wait on a chain is satisfied by', () => {
  it('is a receipt since the wait began, in the seconds that networks count', () => {
    const before = record('before', { createdAtMs: SINCE - 1000 });
    const same = record('same second', { createdAtMs: 1_760_000_000_000 });
    expect(match([before])).toBeUndefined();
    expect(match([before, same])).toBe('same second');
    expect(match([record('ours', { direction: 'send' }), record('lost', { status: 'failed' })])).toBeUndefined();
  });

  it('is the oldest of those that fit, and none that satisfied another', () => {
    const records = [record('late', { createdAtMs: SINCE + 2000 }), record('early')];
    expect(match(records)).toBe('early');
    expect(match(records, { except: ['early'] })).toBe('late');
  });

  it('names the reference, then the memo, then the amount', () => {
    const referred = record('r', { referenceKeys: ['key'], memo: 'tea' });
    expect(match([record('x'), referred], { reference: 'key' })).toBe('r');
    expect(match([referred], { reference: 'key', memo: 'coffee' })).toBeUndefined();
    expect(match([referred], { memo: ' tea ' })).toBe('r');
    expect(match([referred], { memo: 'tea', amount: lamports(6n) })).toBeUndefined();
    expect(match([referred], { amount: lamports(5n) })).toBe('r');
  });

  it('is of the same asset, however it is called', () => {
    const usdc = record('u', { amount: { value: 5n, token: 'USDC' } });
    expect(match([usdc], { amount: { value: 5n, token: 'usdc_base_units' } })).toBe('u');
    expect(match([usdc], { amount: lamports(5n) })).toBeUndefined();
    expect(match([record('n')], { amount: { value: 5n, token: 'native' } })).toBe('n');
    for (const value of [2n ** 53n + 1n, 2n ** 63n - 1n, 2n ** 64n + 1n, 10n ** 30n]) {
      const exact = record('e', { amount: lamports(value) });
      expect(match([exact], { amount: lamports(value) })).toBe('e');
      expect(match([exact], { amount: lamports(value - 1n) })).toBeUndefined();
    }
  });

  it('is deep enough, by its number or by the word of a network without numbers', () => {
    expect(match([record('c', { confirmations: 2 })], { minConfirmations: 3 })).toBeUndefined();
    expect(match([record('c', { confirmations: 3 })], { minConfirmations: 3 })).toBe('c');
    expect(match([record('p', { status: 'pending' })], { minConfirmations: 1 })).toBeUndefined();
    expect(match([record('p')], { minConfirmations: 1 })).toBe('p');
  });
});
