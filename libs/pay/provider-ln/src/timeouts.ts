/** How long a backend may take, in milliseconds. A payment that is not answered in time is unknown, not failed. */
export interface Timeouts {
  askMs: number;
  payMs: number;
}

/** A payment over several hops takes its time; 60 s is also what requests of NWC say they expire after. */
export const DEFAULT_TIMEOUTS: Timeouts = { askMs: 15_000, payMs: 60_000 };
