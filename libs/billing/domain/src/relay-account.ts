import type { Id } from '@caravel/domain';

/** What billing knows of a relay, and its sums of the running period. Sums are 0 while no period runs. */
export interface RelayAccount {
  relayId: Id;
  planId: string;
  amountCents: number;
  /** Being paid for right now. Always false while no period runs. */
  billable: boolean;
  /** Has answered at least once; never becomes false again. */
  provisioned: boolean;
  /** Was not provisioned at a boundary: not billable, whatever its status, until it has answered. */
  waiting: boolean;
  createdAtS: number;
  /** Exact price of the running period: Σ cents × seconds. Divided by the period's seconds it is cents. Never negative. */
  numerator: bigint;
  /** What this period's items of the relay sum to: always `numerator` / period seconds, rounded once. */
  itemisedCents: number;
}
