import { applyFact } from './apply-fact.js';
import { closeBoundaries } from './close-boundary.js';
import type { Cut } from './cut.js';
import type { BillingFact } from './fact.js';
import type { Item } from './item.js';
import { openJournal, stateOf } from './journal.js';
import { meetCredits } from './meet-credits.js';
import type { ReplayState } from './replay-state.js';

/** From this many unbilled cents on, a change inside a period is invoiced at once. */
export const DEFAULT_INTERIM_CENTS = 1000;

export interface ReplayOptions {
  /** Boundaries up to and including this second are closed after the last fact. It holds back no fact. */
  untilS: number;
  /** `BILLING_INTERIM_CENTS`; below the smallest invoice it counts as that. */
  interimCents?: number;
}

/** What a replay adds. `items` and `cuts` are in the order of history. */
export interface ReplayResult {
  items: readonly Item[];
  cuts: readonly Cut[];
  state: ReplayState;
}

/**
 * The whole of billing: replays the facts that were not replayed before, in order of `seq`, over the state that the last
 * replay left. Pure; the state given is not changed.
 *
 * All boundaries up to t are closed before a fact at t, so on the same second the boundary comes first. However history is
 * split over calls, and whenever they are made, items and cuts are the same (payments and locks between calls aside). Facts
 * that are kept for a later call must not lie before `untilS`: what is closed stays closed. Without facts and with the same
 * `untilS` a second call adds nothing; with an invoice unlocked or a credit put in since, it lets credits meet invoices.
 *
 * O(facts + boundaries × relays). Throws `RangeError` when `seq` does not grow: a fact must never be billed twice.
 */
export function replay(state: ReplayState, facts: readonly BillingFact[], options: ReplayOptions): ReplayResult {
  const journal = openJournal(state);
  meetCredits(journal);
  let lastSeq = -Infinity;
  for (const fact of facts) {
    if (fact.seq <= lastSeq) throw new RangeError(`fact ${fact.seq} is not after ${lastSeq}`);
    lastSeq = fact.seq;
    closeBoundaries(journal, fact.atS);
    applyFact(journal, fact, options.interimCents ?? DEFAULT_INTERIM_CENTS);
  }
  closeBoundaries(journal, options.untilS);
  return { items: journal.items, cuts: journal.cuts, state: stateOf(journal) };
}
