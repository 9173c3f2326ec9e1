import { idSchema } from '@caravel/domain';
import type { Clock, Id } from '@caravel/domain';
import { KEEP_DELETED_DAYS } from '@caravel/platform-data-access';
import type { PrismaClient } from '@caravel/platform-data-access';

/** An hour longer than a relay can be had back, whatever the services' clocks say. */
const KEEP_MS = KEEP_DELETED_DAYS * 86_400_000 + 3_600_000;

export type RemovalStore = ReturnType<typeof removalStore>;

/** Deleted relays that zooid still has. */
export function removalStore(client: PrismaClient, { clock }: { clock: Clock }) {
  return {
    due: async (limit: number): Promise<Id[]> => {
      const rows = await client.$queryRaw<{ id: string }[]>`
        SELECT id FROM relay
        WHERE deleted_at IS NOT NULL AND removed_at IS NULL AND deleted_at <= ${new Date(clock.now().getTime() - KEEP_MS)}
          AND NOT EXISTS (SELECT FROM relay_move WHERE relay_id = relay.id AND finished_at IS NULL)
        ORDER BY deleted_at LIMIT ${limit}`;
      return rows.map(({ id }) => idSchema.parse(id));
    },
    /** With it goes what was kept to talk about it: the configuration that was sent, the relay's secret, and its place. */
    markRemoved: async (id: Id): Promise<void> => {
      await client.$executeRaw`
        WITH removed AS (
          UPDATE relay SET removed_at = ${clock.now()} WHERE id = ${id} AND deleted_at IS NOT NULL RETURNING id)
        UPDATE relay_sync SET applied = NULL, sealed_secret = NULL, instance = NULL FROM removed WHERE relay_id = removed.id`;
    },
  };
}
