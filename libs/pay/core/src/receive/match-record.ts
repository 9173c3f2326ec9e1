import type { Amount } from '@caravel/pay-protocol';
import type { AwaitedReceipt, NetworkRecord } from '@caravel/pay-provider';

/**
 * The oldest record that is what a wait waits for: with the reference, if one was given, and then with its memo, else with its
 * amount. Never one from before the wait, nor one that another wait was satisfied by.
 */
export function matchRecord(records: readonly NetworkRecord[], awaited: AwaitedReceipt): NetworkRecord | undefined {
  const candidates = records.filter((record) => isCandidate(record, awaited) && isMeant(record, awaited));
  return candidates.sort((left, right) => left.createdAtMs - right.createdAtMs)[0];
}

function isCandidate(record: NetworkRecord, { sinceMs, except = [], minConfirmations = 0 }: AwaitedReceipt): boolean {
  if (record.direction !== 'receive' || record.status === 'failed' || except.includes(record.transactionId))
    return false;
  // Networks count in seconds.
  if (record.createdAtMs < Math.floor(sinceMs / 1000) * 1000) return false;
  if (minConfirmations === 0) return true;
  return record.confirmations === undefined ? record.status === 'confirmed' : record.confirmations >= minConfirmations;
}

function isMeant(record: NetworkRecord, { reference, memo, amount }: AwaitedReceipt): boolean {
  if (reference !== undefined && !record.referenceKeys?.includes(reference)) return false;
  if (memo !== undefined)
    return record.memo?.trim() === memo.trim() && (!amount || isSameAmount(record.amount, amount));
  return amount === undefined || isSameAmount(record.amount, amount);
}

const isSameAmount = (one: Amount, other: Amount): boolean =>
  one.value === other.value && assetOf(one.token) === assetOf(other.token);

/** `usdc` and `usdc_base_units` are one asset; so are a chain's own names for its coin. */
function assetOf(token: string): string {
  const name = token.toLowerCase().replace(/_base_units$/, '');
  return NATIVE.has(name) ? 'native' : name;
}

const NATIVE: ReadonlySet<string> = new Set(['native', 'sats', 'sat', 'wei', 'eth', 'lamports', 'sol']);
