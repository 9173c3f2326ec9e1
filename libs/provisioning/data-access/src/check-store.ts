import { idSchema } from '@caravel/domain';
import type { Clock, Id } from '@caravel/domain';
import type { PrismaClient } from '@caravel/platform-data-access';
import { writeApplied } from './applied-config.js';
import type { JsonObject } from './json.js';
import { nextCheckAt } from './next-check-at.js';
import type { RelayClaim } from './relay-claims.js';

/** When synced relays are checked, and what comes of it. Every write but `hasten` names its claim. */
export function checkStore(client: PrismaClient, { clock }: { clock: Clock }) {
  return {
    /** Synced relays that nobody has claimed and whose time has come, longest first; an index scan. */
    dueChecks: async (limit: number, heldBack: readonly string[]): Promise<Id[]> => {
      const now = clock.now();
      const rows = await client.$queryRaw<{ id: string }[]>`
        SELECT relay.id FROM relay_sync JOIN relay ON relay.id = relay_id
        WHERE check_at <= ${now}::timestamptz AND applied_generation = generation AND deleted_at IS NULL
          AND (claimed_until IS NULL OR claimed_until <= ${now}::timestamptz)
          AND coalesce(instance, '') <> ALL (${heldBack}::text[])
        ORDER BY check_at LIMIT ${limit}::int`;
      return rows.map(({ id }) => idSchema.parse(id));
    },

    /** Gives the claim back until `again`, without which it is about a day. */
    markChecked: async (claim: RelayClaim, again?: Date): Promise<void> => {
      await client.$executeRaw`
        UPDATE relay_sync
        SET check_at = ${again ?? nextCheckAt(claim.relayId, clock.now())}::timestamptz, claimed_until = NULL
        WHERE relay_id = ${claim.relayId} AND claimed_until = ${claim.until}::timestamptz`;
    },

    /** zooid has something else (`known`, without secrets), or nothing that is known: due for a sync at once. */
    markAstray: async (claim: RelayClaim, known: JsonObject | null): Promise<void> => {
      const applied = known && writeApplied({ config: known, waitingSince: null, pending: [] });
      await client.$executeRaw`
        WITH held AS (
          UPDATE relay_sync
          SET applied = ${applied}::jsonb, check_at = ${nextCheckAt(claim.relayId, clock.now())}::timestamptz,
              claimed_until = NULL
          WHERE relay_id = ${claim.relayId} AND claimed_until = ${claim.until}::timestamptz RETURNING relay_id)
        UPDATE relay SET applied_generation = generation - 1, next_sync_at = ${clock.now()}::timestamptz
        FROM held WHERE id = held.relay_id AND applied_generation = generation`;
    },

    /** Those of an instance whose turn would be next are checked now. */
    hasten: async (instance: string, count: number): Promise<void> => {
      const now = clock.now();
      await client.$executeRaw`
        UPDATE relay_sync SET check_at = ${now}::timestamptz WHERE relay_id IN (
          SELECT relay_id FROM relay_sync WHERE instance = ${instance} AND check_at > ${now}::timestamptz
          ORDER BY check_at LIMIT ${count}::int)`;
    },
  };
}
