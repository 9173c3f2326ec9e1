import { MIN_INVOICE_CENTS } from '@caravel/domain';
import type { Journal } from './journal.js';

/**
 * Credit meets open invoices, so that nobody is asked for time that was not served: while the unbilled balance is negative,
 * the newest invoice without an unresolved attempt is voided, its amount returns to the balance, and what remains is cut
 * again in its place. A recut is always smaller than what it replaces.
 */
export function meetCredits(journal: Journal): void {
  while (journal.unbilledCents < 0) {
    const index = journal.openInvoices.findLastIndex(({ locked }) => !locked);
    if (index === -1) return;
    recut(journal, index);
  }
}

function recut(journal: Journal, index: number): void {
  const invoice = journal.openInvoices[index];
  if (invoice === undefined) throw new RangeError(`no open invoice ${index}`);
  const { ref: voids, periodStartS, periodEndS } = invoice;
  const cause = `recut:${voids}` as const;
  const step = { cause, periodStartS, periodEndS, afterItems: journal.items.length, voids };
  const amountCents = journal.unbilledCents + invoice.amountCents;

  if (amountCents < MIN_INVOICE_CENTS) {
    journal.cuts.push({ ...step, totalCents: null });
    journal.openInvoices.splice(index, 1);
    journal.unbilledCents = amountCents;
    return;
  }
  journal.cuts.push({ ...step, totalCents: amountCents });
  // In its place, not last: it keeps the issue date, and open invoices are ordered by that.
  journal.openInvoices[index] = { ref: cause, cause, amountCents, periodStartS, periodEndS, locked: false };
  journal.unbilledCents = 0;
}
