import { AppError } from '@caravel/domain';
import type { Id } from '@caravel/domain';
import { inTransaction } from '@caravel/platform-data-access';
import type { Db, PrismaClient } from '@caravel/platform-data-access';
import { ClaimLostError } from './relay-claims.js';
import type { RelayClaim } from './relay-claims.js';

/** Where relays are, and whether they have come up there. */
export function placeStore(client: PrismaClient) {
  return {
    /** @throws AppError `service-unavailable` while a move has the relay. */
    instanceOf: (relayId: Id): Promise<string | null> => findInstance(client, relayId),
    /** Writes where the relay goes; false when that instance is full. @throws ClaimLostError */
    placeAt: (claim: RelayClaim, place: Place): Promise<boolean> => placeAt(client, claim, place),

    /** Whether zooid has ever shown the relay; null when there is no such relay. */
    everSynced: async (relayId: Id): Promise<boolean | null> => {
      const row = await client.relay.findUnique({
        where: { id: relayId, deletedAt: null },
        select: { sync: { select: { firstSyncedAt: true } } },
      });
      return row && Boolean(row.sync?.firstSyncedAt);
    },
  };
}

/**
 * The instance that has the relay; null while it is nowhere. @throws AppError `service-unavailable` while a move has it: what is read
 * there then is not all, and what is written may be lost.
 */
async function findInstance(db: Db, relayId: Id): Promise<string | null> {
  const row = await db.relaySync.findUnique({
    where: { relayId },
    select: { instance: true, sealedSecret: true, moving: true },
  });
  if (row?.moving) throw new AppError('service-unavailable', MOVING);
  return row && instanceOfRow(row);
}

const MOVING = 'This relay is being moved to another server. Please try again in a few minutes.';

/** A version that knew one instance only did not name it. */
export function instanceOfRow({ instance, sealedSecret }: PlaceRow): string | null {
  return instance ?? (sealedSecret === null ? null : 'main');
}

/**
 * Writes where a relay goes that is nowhere yet; false when `capacity` relays are there. Exact for any number of
 * processes: whoever fills an instance with a limit waits for its lock before counting. @throws ClaimLostError
 */
async function placeAt(client: PrismaClient, claim: RelayClaim, place: Place): Promise<boolean> {
  if (place.capacity === null) return write(client, claim, place);
  return inTransaction(client, async (tx) => (await hasRoom(tx, place)) && write(tx, claim, place));
}

async function write(db: Db, claim: RelayClaim, { name }: Place): Promise<true> {
  const placed = await db.$executeRaw`
    UPDATE relay_sync SET instance = ${name}
    WHERE relay_id = ${claim.relayId} AND claimed_until = ${claim.until}::timestamptz AND instance IS NULL`;
  if (placed === 0) throw new ClaimLostError();
  return true;
}

/** Counts those on their way there too, and keeps others from filling the instance until the transaction ends. */
export async function hasRoom(tx: Db, { name, capacity }: Place): Promise<boolean> {
  if (capacity === null) return true;
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('zooid-instance ' || ${name}, 0))`;
  const [row] = await tx.$queryRaw<{ relays: number }[]>`
    SELECT (SELECT count(*) FROM relay_sync WHERE instance = ${name})::int + (
      SELECT count(*) FROM relay_move JOIN relay_sync USING (relay_id)
      WHERE finished_at IS NULL AND target = ${name} AND instance IS DISTINCT FROM ${name})::int AS relays`;
  return (row?.relays ?? 0) < capacity;
}

interface PlaceRow {
  instance: string | null;
  sealedSecret: string | null;
}

export interface Place {
  name: string;
  /** So many relays at most; null: no limit. */
  capacity: number | null;
}
