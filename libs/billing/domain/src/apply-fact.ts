import { isBillable } from './fact.js';
import type { BillingFact } from './fact.js';
import { cutInvoice, writeItem } from './journal.js';
import type { Journal } from './journal.js';
import { meetCredits } from './meet-credits.js';
import { movements } from './movements.js';
import { periodOf } from './period.js';
import type { RelayAccount } from './relay-account.js';

/**
 * Moves the journal over one fact, whose boundaries must be closed: items, then credits meet open invoices, then at most one
 * cut. The fact that sets the anchor cuts the first cycle invoice; any other that writes an item and leaves at least
 * `interimCents` unbilled cuts an interim one.
 */
export function applyFact(journal: Journal, fact: BillingFact, interimCents: number): void {
  const atS = momentOf(journal, fact);
  const before = journal.relays.get(fact.relayId) ?? newAccount(fact, atS);
  const after = follow(before, fact);
  journal.relays.set(after.relayId, after);
  const setsAnchor = after.billable && journal.anchorS === null;
  if (setsAnchor) setAnchor(journal, atS);
  if (journal.anchorS === null || journal.period === null) return;

  const { anchorS, period } = journal;
  const itemCount = journal.items.length;
  let account = after;
  for (const movement of movements(before, after, { atS, endS: period.endS })) {
    account = writeItem(journal, account, { movement, period, atS, activityId: fact.activityId });
  }
  meetCredits(journal);

  const leavesMuch = journal.unbilledCents >= interimCents;
  if (setsAnchor) cutInvoice(journal, `cycle:${anchorS}`, period);
  else if (leavesMuch && journal.items.length > itemCount) cutInvoice(journal, `interim:${fact.activityId}`, period);
}

/** Closed time stays closed: a fact dated before the last boundary (which the history's lock rules out) counts from there. */
function momentOf({ anchorS, period }: Journal, { atS }: BillingFact): number {
  if (period === null) return atS;
  return Math.max(atS, anchorS === null ? period.endS : period.startS);
}

function newAccount({ relayId, snapshot }: BillingFact, createdAtS: number): RelayAccount {
  const { plan_id: planId, amount_cents: amountCents } = snapshot;
  const idle = { billable: false, provisioned: false, waiting: false, numerator: 0n, itemisedCents: 0 };
  return { relayId, planId, amountCents, createdAtS, ...idle };
}

function follow(account: RelayAccount, { snapshot }: BillingFact): RelayAccount {
  const provisioned = account.provisioned || snapshot.provisioned;
  const waiting = account.waiting && !provisioned;
  const billable = isBillable(snapshot) && !waiting;
  const { plan_id: planId, amount_cents: amountCents } = snapshot;
  return { ...account, planId, amountCents, provisioned, waiting, billable };
}

function setAnchor(journal: Journal, atS: number): void {
  journal.anchorS = atS;
  journal.periodIndex = 0;
  journal.period = periodOf(atS, 0);
}
