import { idSchema } from '@caravel/domain';
import type { Clock, Id } from '@caravel/domain';
import type { PrismaClient } from '@caravel/platform-data-access';
import { toMove } from './move-row.js';
import type { Move, MoveRow } from './move-row.js';

/** What the operator's command asks and says. */
export function moveReads(client: PrismaClient, { clock }: { clock: Clock }) {
  return {
    /**
     * A relay that has not been switched yet goes back; false when there is no such move. Whoever works on it notices at its next
     * write, and its claim has to run out: a call of its may still be on its way.
     */
    cancel: async (relayId: Id): Promise<boolean> => {
      const changed = await client.$executeRaw`
        UPDATE relay_move SET state = 'undoing', error = 'It was cancelled.', tries = 0, next_try_at = ${clock.now()}::timestamptz
        WHERE relay_id = ${relayId} AND finished_at IS NULL AND state IN ('planned', 'closing', 'copying', 'verifying')`;
      return changed > 0;
    },

    /** Relays at an instance that aren't on their way elsewhere, deleted ones too; in the order of their ids. */
    relaysAt: async (instance: string, { after, limit }: { after: string; limit: number }): Promise<Id[]> => {
      const rows = await client.$queryRaw<{ relay_id: string }[]>`
        SELECT relay_id FROM relay_sync
        WHERE instance = ${instance} AND relay_id > ${after} AND sealed_secret IS NOT NULL AND NOT EXISTS (
          SELECT FROM relay_move WHERE relay_move.relay_id = relay_sync.relay_id AND finished_at IS NULL)
        ORDER BY relay_id LIMIT ${limit}::int`;
      return rows.map(({ relay_id: relayId }) => idSchema.parse(relayId));
    },
    /** How many relays each instance has, also those that aren't configured. */
    counts: async (): Promise<Map<string, number>> => {
      const rows = await client.$queryRaw<{ instance: string; relays: number }[]>`
        SELECT instance, count(*)::int AS relays FROM relay_sync WHERE instance IS NOT NULL GROUP BY instance`;
      return new Map(rows.map(({ instance, relays }) => [instance, relays]));
    },

    find: async (id: Id): Promise<Move | null> => {
      const [row] = await client.$queryRaw<MoveRow[]>`SELECT * FROM relay_move WHERE id = ${id}`;
      return row ? toMove(row) : null;
    },
    /** Those under way from an instance, in the order in which they are done. */
    running: async (source: string): Promise<Move[]> => {
      const rows = await client.$queryRaw<MoveRow[]>`
        SELECT * FROM relay_move WHERE finished_at IS NULL AND source = ${source}
        ORDER BY state = 'planned', created_at, id`;
      return rows.map(toMove);
    },
    /** Those under way, and then those that ended last. */
    list: async (limit: number): Promise<Move[]> => {
      const rows = await client.$queryRaw<MoveRow[]>`
        (SELECT * FROM relay_move WHERE finished_at IS NULL ORDER BY state = 'planned', created_at, id LIMIT ${limit}::int)
        UNION ALL
        (SELECT * FROM relay_move WHERE finished_at IS NOT NULL ORDER BY finished_at DESC, id DESC LIMIT ${limit}::int)`;
      return rows.slice(0, limit).map(toMove);
    },
  };
}
