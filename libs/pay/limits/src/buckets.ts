import type { Network } from '@caravel/pay-protocol';
import type { BucketDebits } from './spend.js';

/** What one payment takes of one asset, fee bound included. */
export interface Debit {
  network: Network;
  walletId: string;
  /** As in `LimitUnit`: the native unit, a symbol of the registry, or an address. */
  unit: string;
  amount: bigint;
  /** At the price of the reservation, rounded up; absent when it could not be priced. */
  usdMicros?: bigint | undefined;
}

/**
 * Where a payment counts: in its wallet and its network, in its own unit and in dollars, in everything in dollars, and once more
 * in all of these under the key that asked for it. Debits of one asset are added up.
 */
export function bucketDebits(debits: readonly Debit[], keyName?: string): BucketDebits {
  const sums = new Map<string, bigint>();
  for (const debit of debits) {
    for (const [bucket, amount] of bucketsOf(debit)) {
      for (const name of keyName === undefined ? [bucket] : [bucket, `key/${keyName}/${bucket}`]) {
        if (amount > 0n) sums.set(name, (sums.get(name) ?? 0n) + amount);
      }
    }
  }
  return sums;
}

function bucketsOf({ network, walletId, unit, amount, usdMicros }: Debit): [string, bigint][] {
  const own: [string, bigint][] = [
    [`wallet/${walletId}/${unit}`, amount],
    [`network/${network}/${unit}`, amount],
  ];
  if (usdMicros === undefined) return own;
  const dollars = [`wallet/${walletId}/usd`, `network/${network}/usd`, 'all/usd'];
  return [...own, ...dollars.map((bucket): [string, bigint] => [bucket, usdMicros])];
}
