import type { ActivityType, Id, RelaySnapshot } from '@caravel/domain';

/**
 * One activity of a relay as billing replays it: every one, those of free relays too, since the first says when the relay was
 * created. `seq` is the only order of facts; `atS` (whole unix seconds) never
 * decreases with it. What is owed follows from the snapshot alone, so `type` names the fact but decides nothing.
 */
export interface BillingFact {
  activityId: Id;
  seq: number;
  atS: number;
  relayId: Id;
  type: ActivityType;
  snapshot: RelaySnapshot;
}

/**
 * Whether the snapshot alone makes a relay one that is paid for: active on a plan that costs something. A relay that has
 * passed a boundary without ever having answered is billable only once it has (`RelayAccount.waiting`).
 */
export function isBillable({ status, amount_cents }: Pick<RelaySnapshot, 'status' | 'amount_cents'>): boolean {
  return status === 'active' && amount_cents > 0;
}
