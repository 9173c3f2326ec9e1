import type { Id } from '@caravel/domain';
import type { RelayAccount } from './relay-account.js';

/** An invoice that is neither paid nor voided. */
export interface OpenInvoice {
  /** The invoice's id or, for one cut in this replay, its cause. */
  ref: string;
  cause: string;
  amountCents: number;
  periodStartS: number;
  periodEndS: number;
  /** Has an unresolved collection attempt: a replay leaves it alone. */
  locked: boolean;
}

/**
 * Everything a tenant's future bills depend on. A replay never changes the state it is given.
 *
 * The caller stores it between replays, puts in what happened outside of history (invoices paid, locked or forgiven, credit
 * for late payments in `unbilledCents`) and exchanges the refs of new invoices for their ids.
 */
export interface ReplayState {
  /** When the first paid relay became active; null while nothing is paid for. */
  anchorS: number | null;
  /** The running period is boundary `periodIndex` to `periodIndex` + 1 of the anchor. */
  periodIndex: number;
  /** Bounds of the running period; without anchor those of the last one (the draft shows them); null before the first. */
  periodStartS: number | null;
  periodEndS: number | null;
  relays: ReadonlyMap<Id, RelayAccount>;
  /** Sum of all items that are on no invoice; negative is credit. */
  unbilledCents: number;
  /** By issue date, oldest first. */
  openInvoices: readonly OpenInvoice[];
}

/** A tenant without history. */
export function initialState(): ReplayState {
  return {
    anchorS: null,
    periodIndex: 0,
    periodStartS: null,
    periodEndS: null,
    relays: new Map(),
    unbilledCents: 0,
    openInvoices: [],
  };
}
