import type { Id } from '@caravel/domain';

/**
 * `charge`: a fact made the relay cost something for the rest of the period. `credit`: a fact ended that. `renewal`: a
 * boundary charged a full period. `wait_credit`: the time before the relay first answered costs nothing.
 */
export type ItemKind = 'charge' | 'credit' | 'renewal' | 'wait_credit';

/**
 * One line of money, never zero: positive for charges and renewals, negative for the others. Rounding is on the running total:
 * a single item may be a cent off its own exact price, while those of a relay and period sum to the exact price rounded once.
 * Unique: (`activityId`, `kind`), and (`relayId`, `periodStartS`, `kind`) where `activityId` is null.
 */
export interface Item {
  kind: ItemKind;
  relayId: Id;
  planId: string;
  amountCents: number;
  /** The fact behind it; null for what a boundary writes. */
  activityId: Id | null;
  /** The period whose price it is part of: for a `wait_credit` of a boundary, the one that ends there. */
  periodStartS: number;
  periodEndS: number;
  atS: number;
  description: string;
}
