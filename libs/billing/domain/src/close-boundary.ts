import { cutInvoice, writeItem } from './journal.js';
import type { Journal } from './journal.js';
import { meetCredits } from './meet-credits.js';
import { neverUp, renewal } from './movements.js';
import { periodOf } from './period.js';
import type { Period } from './period.js';

/** Closes every boundary up to and including `untilS`, one after another, as if each had been closed on time. */
export function closeBoundaries(journal: Journal, untilS: number): void {
  while (journal.anchorS !== null && journal.period !== null && journal.period.endS <= untilS) {
    closeBoundary(journal, journal.anchorS, journal.period);
  }
}

/**
 * The end of a period. Relays that never came up get it back; credits meet open invoices before the next period is charged,
 * so a recut with an old issue date never asks for new time. Then either the next period is charged and its cycle invoice
 * cut, or, with nothing to charge, the closing invoice is cut and the anchor cleared.
 */
function closeBoundary(journal: Journal, anchorS: number, ended: Period): void {
  returnWaits(journal, ended);
  meetCredits(journal);
  clearSums(journal);
  if (![...journal.relays.values()].some(({ billable }) => billable)) {
    cutInvoice(journal, `closing:${ended.startS}`, ended);
    journal.anchorS = null;
    journal.periodIndex = 0;
    return;
  }
  journal.periodIndex += 1;
  const period = periodOf(anchorS, journal.periodIndex);
  journal.period = period;
  for (const account of journal.relays.values()) {
    if (!account.billable) continue;
    const entry = { movement: renewal(account, period), period, atS: period.startS, activityId: null };
    writeItem(journal, account, entry);
  }
  cutInvoice(journal, `cycle:${period.startS}`, period);
}

function returnWaits(journal: Journal, period: Period): void {
  for (const account of journal.relays.values()) {
    if (account.provisioned) continue;
    const waiting = { ...account, billable: false, waiting: true };
    writeItem(journal, waiting, { movement: neverUp(account), period, atS: period.endS, activityId: null });
  }
}

function clearSums({ relays }: Journal): void {
  for (const account of relays.values()) relays.set(account.relayId, { ...account, numerator: 0n, itemisedCents: 0 });
}
