import type { Id } from '@caravel/domain';

/**
 * Why an invoice exists; unique per tenant. `cycle:<period start>`, `closing:<period start>`, `interim:<activity>`,
 * `recut:<ref of the invoice it replaces>`. A recut of a recut repeats the prefix; who has given the voided invoice an id
 * stores `recut:<id>` instead, which stays short.
 */
export type CutCause = `cycle:${number}` | `closing:${number}` | `interim:${Id}` | `recut:${string}`;

/**
 * One step of invoicing, to be done in order: first, when `voids` is set, that invoice is voided as recut and its items
 * become unbilled; then, when `totalCents` is not null, an invoice is cut over everything unbilled at that point.
 *
 * `totalCents` is at least 50 and is exactly the sum of what the invoice holds; null means that the void left too little (or
 * less than nothing) to ask for, and no invoice follows. A recut keeps issue date and tries of the invoice it replaces.
 */
export interface Cut {
  cause: CutCause;
  periodStartS: number;
  periodEndS: number;
  totalCents: number | null;
  /** How many of the replay's `items` precede it: an invoice never holds a later one. */
  afterItems: number;
  /** `OpenInvoice.ref` of the invoice it voids. */
  voids: string | null;
}
