import { MIN_INVOICE_CENTS } from '@caravel/domain';
import type { Id } from '@caravel/domain';
import type { Cut } from './cut.js';
import type { Item } from './item.js';
import type { Period } from './period.js';
import type { Movement } from './movements.js';
import { settle } from './movements.js';
import type { RelayAccount } from './relay-account.js';
import type { OpenInvoice, ReplayState } from './replay-state.js';

/** The working copy of one replay: the only thing here that changes in place, and it never leaves the library. */
export interface Journal {
  anchorS: number | null;
  periodIndex: number;
  /** Without anchor: the last one. */
  period: Period | null;
  relays: Map<Id, RelayAccount>;
  unbilledCents: number;
  openInvoices: OpenInvoice[];
  items: Item[];
  cuts: Cut[];
}

export function openJournal(state: ReplayState): Journal {
  const { anchorS, periodIndex, periodStartS: startS, periodEndS: endS, unbilledCents } = state;
  return {
    anchorS,
    periodIndex,
    period: startS === null || endS === null ? null : { startS, endS },
    relays: new Map(state.relays),
    unbilledCents,
    openInvoices: [...state.openInvoices],
    items: [],
    cuts: [],
  };
}

export function stateOf({ anchorS, periodIndex, period, relays, unbilledCents, openInvoices }: Journal): ReplayState {
  const bounds = { periodStartS: period?.startS ?? null, periodEndS: period?.endS ?? null };
  return { anchorS, periodIndex, ...bounds, relays, unbilledCents, openInvoices };
}

/** Brings a relay's account to what the movement says and writes the difference as an item, unless it is zero. */
export function writeItem(journal: Journal, account: RelayAccount, entry: Entry): RelayAccount {
  const { period, atS, activityId, movement } = entry;
  const { kind, planId, description } = movement;
  const settled = settle(account, movement.numerator, period);
  journal.relays.set(account.relayId, settled);

  const amountCents = settled.itemisedCents - account.itemisedCents;
  if (amountCents === 0) return settled;
  const { startS: periodStartS, endS: periodEndS } = period;
  const { relayId } = account;
  journal.items.push({ kind, relayId, planId, amountCents, activityId, periodStartS, periodEndS, atS, description });
  journal.unbilledCents += amountCents;
  return settled;
}

/** Cuts an invoice over everything unbilled. Below the smallest invoice nothing happens and the balance carries. */
export function cutInvoice(journal: Journal, cause: Cut['cause'], { startS, endS }: Period): void {
  const totalCents = journal.unbilledCents;
  if (totalCents < MIN_INVOICE_CENTS) return;
  const bounds = { periodStartS: startS, periodEndS: endS };
  journal.cuts.push({ cause, ...bounds, totalCents, afterItems: journal.items.length, voids: null });
  journal.openInvoices.push({ ref: cause, cause, amountCents: totalCents, ...bounds, locked: false });
  journal.unbilledCents = 0;
}

interface Entry {
  movement: Movement;
  period: Period;
  atS: number;
  activityId: Id | null;
}
