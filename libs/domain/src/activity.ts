import { z } from 'zod';
import type { Id } from './ids.js';
import type { Pubkey } from './pubkey.js';
import { relayStatusSchema } from './relay.js';

export const activityTypeSchema = z.enum([
  'create_tenant',
  'update_tenant',
  'delete_tenant',
  'create_relay',
  'update_relay',
  'activate_relay',
  'deactivate_relay',
  'fail_relay_sync',
  'complete_relay_sync',
]);
export type ActivityType = z.infer<typeof activityTypeSchema>;

/**
 * What billing needs of a relay at the instant of an activity. Billing replays these and never reads the plans file, so a
 * late replay gives the same invoices. `provisioned`: the relay has answered at least once.
 */
export const relaySnapshotSchema = z.object({
  plan_id: z.string(),
  amount_cents: z.int().nonnegative(),
  status: relayStatusSchema,
  provisioned: z.boolean(),
});
export type RelaySnapshot = z.infer<typeof relaySnapshotSchema>;

/** One line of the append-only log. `seq` is per tenant, gapless, and the only order of facts; `atS` never decreases with it. */
export interface Activity {
  id: Id;
  tenantPubkey: Pubkey;
  seq: number;
  atS: number;
  type: ActivityType;
  resourceType: 'tenant' | 'relay';
  resourceId: string;
  /** Who did it: the tenant itself, an admin, or a service. */
  actor: string;
  /** Present for relays. */
  snapshot: RelaySnapshot | null;
}
