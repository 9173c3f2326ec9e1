import type { Id } from '@caravel/domain';
import { inTransaction } from '@caravel/platform-data-access';
import type { Db, PrismaClient } from '@caravel/platform-data-access';
import { ClaimLostError } from './relay-claims.js';
import type { RelayClaim } from './relay-claims.js';

/** The instance that has the relay; null while it is nowhere. */
export async function findInstance(db: Db, relayId: Id): Promise<string | null> {
  const row = await db.relaySync.findUnique({
    where: { relayId },
    select: { instance: true, sealedSecret: true },
  });
  return row && instanceOfRow(row);
}

/** A version that knew one instance only did not name it. */
export function instanceOfRow({ instance, sealedSecret }: PlaceRow): string | null {
  return instance ?? (sealedSecret === null ? null : 'main');
}

/**
 * Writes where a relay goes that is nowhere yet; false when `capacity` relays are there. Exact for any number of
 * processes: whoever fills an instance with a limit waits for its lock before counting. @throws ClaimLostError
 */
export function placeAt(client: PrismaClient, claim: RelayClaim, place: Place): Promise<boolean> {
  return inTransaction(client, async (tx) => {
    if (!(await hasRoom(tx, place))) return false;
    const placed = await tx.$executeRaw`
      UPDATE relay_sync SET instance = ${place.name}
      WHERE relay_id = ${claim.relayId} AND claimed_until = ${claim.until}::timestamptz AND instance IS NULL`;
    if (placed === 0) throw new ClaimLostError();
    return true;
  });
}

/** Keeps others from filling the instance until the transaction ends. */
async function hasRoom(tx: Db, { name, capacity }: Place): Promise<boolean> {
  if (capacity === null) return true;
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('zooid-instance ' || ${name}, 0))`;
  const [row] = await tx.$queryRaw<{ relays: number }[]>`
    SELECT count(*)::int AS relays FROM relay_sync WHERE instance = ${name}`;
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
