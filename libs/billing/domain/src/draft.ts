import type { ReplayState } from './replay-state.js';

/** What would be asked for if an invoice were cut now. */
export interface Draft {
  amountCents: number;
  periodStartS: number;
  periodEndS: number;
}

/**
 * The draft invoice: all unbilled items with the bounds of the running period, without anchor of the last one. Null when
 * they sum to nothing or to credit, and for a tenant that never had a period.
 */
export function draftOf(state: Pick<ReplayState, 'unbilledCents' | 'periodStartS' | 'periodEndS'>): Draft | null {
  const { unbilledCents, periodStartS, periodEndS } = state;
  if (unbilledCents <= 0 || periodStartS === null || periodEndS === null) return null;
  return { amountCents: unbilledCents, periodStartS, periodEndS };
}
