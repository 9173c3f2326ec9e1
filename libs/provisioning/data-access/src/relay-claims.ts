import { AppError } from '@caravel/domain';
import type { Clock, Id } from '@caravel/domain';
import type { Db } from '@caravel/platform-data-access';

/**
 * The right to work on one relay, until then. `until` is also the token: it differs from every earlier claim of the
 * relay, because a relay can be claimed anew only after it.
 */
export interface RelayClaim {
  relayId: Id;
  until: Date;
}

/** Somebody else may be working on the relay: whoever had this claim stops. */
export class ClaimLostError extends AppError {
  constructor() {
    super('service-unavailable', 'Another process has taken over this relay.');
  }
}

/**
 * Takes the claim by compare-and-set, only while the relay has work that is due. One statement, so that of any number of
 * processes one wins. Null: nothing is due, or somebody has it, or a move has.
 */
export async function takeClaim(db: Db, relayId: Id, { clock, leaseMs }: ClaimOptions): Promise<Claimed | null> {
  const now = clock.now();
  const until = new Date(now.getTime() + leaseMs);
  const [row] = await db.$queryRaw<SyncRow[]>`
    WITH claimed AS (
      INSERT INTO relay_sync (relay_id, claimed_until)
      SELECT id, ${until}::timestamptz FROM relay
      WHERE id = ${relayId} AND deleted_at IS NULL
        AND applied_generation < generation AND next_sync_at <= ${now}::timestamptz
      ON CONFLICT (relay_id) DO UPDATE SET claimed_until = excluded.claimed_until
      WHERE NOT relay_sync.moving
        AND (relay_sync.claimed_until IS NULL OR relay_sync.claimed_until <= ${now}::timestamptz)
      RETURNING relay_id, applied, sync_error, instance, sealed_secret, first_synced_at)
    SELECT claimed.*, relay.created_at FROM claimed JOIN relay ON relay.id = claimed.relay_id`;
  return row ? { claim: { relayId, until }, row } : null;
}

/** The same for a look at a relay that is synced, once its time has come. */
export async function takeCheckClaim(db: Db, relayId: Id, { clock, leaseMs }: ClaimOptions): Promise<Claimed | null> {
  const now = clock.now();
  const until = new Date(now.getTime() + leaseMs);
  const [row] = await db.$queryRaw<SyncRow[]>`
    UPDATE relay_sync SET claimed_until = ${until}::timestamptz FROM relay
    WHERE relay_id = ${relayId} AND relay.id = relay_id AND deleted_at IS NULL
      AND applied_generation = generation AND check_at <= ${now}::timestamptz AND NOT moving
      AND (claimed_until IS NULL OR claimed_until <= ${now}::timestamptz)
    RETURNING relay_id, applied, sync_error, instance, sealed_secret, first_synced_at, created_at`;
  return row ? { claim: { relayId, until }, row } : null;
}

/** Gives the claim back. Nothing happens when it was lost. */
export async function releaseClaim(db: Db, { relayId, until }: RelayClaim): Promise<void> {
  await db.$executeRaw`
    UPDATE relay_sync SET claimed_until = NULL WHERE relay_id = ${relayId} AND claimed_until = ${until}::timestamptz`;
}

/** What is known of the relay at the moment of the claim. */
export interface SyncRow {
  applied: unknown;
  sync_error: string;
  instance: string | null;
  sealed_secret: string | null;
  first_synced_at: Date | null;
  created_at: Date;
}

interface Claimed {
  claim: RelayClaim;
  row: SyncRow;
}

export interface ClaimOptions {
  clock: Clock;
  leaseMs: number;
}
