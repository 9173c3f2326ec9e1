import type { AccountStore } from '../account-store.js';
import type { BoundaryCursor } from '../claim-due.js';

/** One closer that works until nobody is due. */
export async function closeAll({ closePeriods }: Pick<AccountStore, 'closePeriods'>, { limit }: { limit: number }) {
  const all = { plain: 0, replayed: 0, invoices: 0 };
  let last: BoundaryCursor | null = null;
  do {
    const batch = await closePeriods({ after: last, limit });
    all.plain += batch.plain;
    all.replayed += batch.replayed;
    all.invoices += batch.invoiceIds.length;
    last = batch.last;
  } while (last !== null);
  return all;
}
