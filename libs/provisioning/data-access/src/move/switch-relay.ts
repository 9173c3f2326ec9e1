import type { Clock } from '@caravel/domain';
import { inTransaction } from '@caravel/platform-data-access';
import type { PrismaClient, Tx } from '@caravel/platform-data-access';
import { readApplied, writeApplied } from '../applied-config.js';
import type { JsonObject } from '../json.js';
import { ClaimLostError } from '../relay-claims.js';
import type { ClaimedMove } from './move-row.js';

/**
 * Takes the relay from everybody else, by the column that whoever syncs it also looks at under the row's lock. False
 * while somebody is telling zooid about it.
 */
export function beginMove(client: PrismaClient, move: ClaimedMove, { clock }: { clock: Clock }): Promise<boolean> {
  return inTransaction(client, async (tx) => {
    const now = clock.now();
    const taken = await tx.$executeRaw`
      UPDATE relay_sync SET moving = true, claimed_until = NULL
      WHERE relay_id = ${move.relayId} AND (claimed_until IS NULL OR claimed_until <= ${now}::timestamptz)`;
    if (taken === 0) return false;
    mustHold(
      await tx.$executeRaw`
        UPDATE relay_move SET state = 'closing', closed_at = ${now}::timestamptz
        WHERE id = ${move.id} AND claim = ${move.claim} AND state = ${move.state}`,
    );
    return true;
  });
}

/**
 * The switch itself, one transaction: whoever reads the row before it finds the source, whoever reads it later the target.
 * Answers the generation with which the relay answers there.
 */
export function switchRelay(
  client: PrismaClient,
  { move, config }: { move: ClaimedMove; config: JsonObject },
  { clock }: { clock: Clock },
): Promise<number | null> {
  return inTransaction(client, async (tx) => {
    const known = await knownOf(tx, move);
    // What the owner changed at zooid went along: by what was sent last, the next sync sees that somebody changed it.
    const applied = { ...config, ...(known?.['info'] && { info: known['info'] }) };
    await tx.$executeRaw`
      UPDATE relay_sync SET instance = ${move.target}, moving = false, applied = ${text(applied)}::jsonb
      WHERE relay_id = ${move.relayId} AND moving`;
    const generation = await wantSync(tx, move, clock.now());
    mustHold(
      await tx.$executeRaw`
        UPDATE relay_move SET state = 'switched', generation = ${generation}::int, tries = 0, error = ''
        WHERE id = ${move.id} AND claim = ${move.claim} AND state = ${move.state}`,
    );
    return generation;
  });
}

/**
 * The way back: the relay is its source's again, which is told host and state anew, because nobody knows which it has. Nothing
 * happens when it is already.
 */
export function reopenRelay(client: PrismaClient, move: ClaimedMove, { clock }: { clock: Clock }): Promise<void> {
  return inTransaction(client, async (tx) => {
    const known = await knownOf(tx, move);
    if (known === undefined) return;
    await tx.$executeRaw`
      UPDATE relay_sync SET moving = false, applied = ${known && text({ ...known, host: null, inactive: null })}::jsonb
      WHERE relay_id = ${move.relayId}`;
    await wantSync(tx, move, clock.now());
    mustHold(
      await tx.$executeRaw`
        UPDATE relay_move SET opened_at = ${clock.now()}::timestamptz
        WHERE id = ${move.id} AND claim = ${move.claim} AND state = ${move.state}`,
    );
  });
}

/** What its zooid is known to have, null when nothing is; undefined when no move has the relay. */
async function knownOf(tx: Tx, { relayId }: ClaimedMove): Promise<JsonObject | null | undefined> {
  const [sync] = await tx.$queryRaw<{ applied: unknown }[]>`
    SELECT applied FROM relay_sync WHERE relay_id = ${relayId} AND moving FOR UPDATE`;
  return sync && (readApplied(sync.applied)?.config ?? null);
}

function text(config: JsonObject): string {
  const applied = { config, waitingSince: null, pending: [] };
  return writeApplied(applied);
}

/** A generation of its own, so that the next sync says what the relay is called. Deleted relays are not synced. */
async function wantSync(tx: Tx, { relayId }: ClaimedMove, now: Date): Promise<number | null> {
  const [row] = await tx.$queryRaw<{ generation: number }[]>`
    UPDATE relay SET generation = generation + 1, next_sync_at = ${now}::timestamptz
    WHERE id = ${relayId} RETURNING generation`;
  return row?.generation ?? null;
}

/** Whoever lost the claim has done nothing: the transaction ends here. */
function mustHold(rows: number): void {
  if (rows === 0) throw new ClaimLostError();
}
