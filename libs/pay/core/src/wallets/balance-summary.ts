import type { OutputOf } from '@caravel/pay-protocol';
import type { WalletBalance } from './balances.js';

/** Totals by network and unit, in the order in which they first appear; wallets that did not answer count as `unknown`. */
export function summarize(wallets: readonly WalletBalance[]): Summary[] {
  const sums = new Map<string, Summary>();
  for (const { network, balance } of wallets) {
    const unit = balance?.unit ?? 'unknown';
    const key = `${network}/${unit}`;
    const sum = sums.get(key) ?? { network, wallet_count: 0, confirmed: 0n, pending: 0n, unit, errors: 0 };
    sum.wallet_count += 1;
    sum.confirmed += balance?.confirmed ?? 0n;
    sum.pending += balance?.pending ?? 0n;
    sum.errors += balance ? 0 : 1;
    sums.set(key, sum);
  }
  return [...sums.values()];
}

type Summary = NonNullable<OutputOf<'wallet_balances'>['summary']>[number];
