import type { PrismaClient } from '@caravel/platform-data-access';
import { Prisma } from '@caravel/platform-data-access';
import type { JsonObject } from '../json.js';
import { ClaimLostError } from '../relay-claims.js';
import { findMovedRelay } from './moved-relay.js';
import type { MovedRelay } from './moved-relay.js';
import { toMove } from './move-row.js';
import type { ClaimedMove, Move, MoveRow, MoveState } from './move-row.js';
import type { MoveStoreDeps } from './move-store.js';
import { beginMove, reopenRelay, switchRelay } from './switch-relay.js';

/** What is written while a relay moves; every write but the first names the claim and the state under which it happens. */
export function moveSteps(client: PrismaClient, deps: MoveStoreDeps) {
  const { clock, leaseMs = 15_000 } = deps;
  const later = (): Date => new Date(clock.now().getTime() + leaseMs);
  const change = async (move: ClaimedMove, set: Prisma.Sql): Promise<void> => {
    const held = await client.$executeRaw`
      UPDATE relay_move SET ${set}
      WHERE id = ${move.id} AND claim = ${move.claim} AND state = ${move.state}`;
    if (held === 0) throw new ClaimLostError();
  };

  return {
    /** The next move with something to do, those first whose relay answers nobody; null when there is none. */
    takeNext: (): Promise<ClaimedMove | null> =>
      takeNext(client, { now: clock.now(), until: later(), claim: deps.newId() }),

    /** The relay, deleted ones too, and its secret. @throws RelaySecretError */
    relayOf: (move: Pick<Move, 'relayId'>): Promise<MovedRelay | null> => findMovedRelay(client, move.relayId, deps),

    /** From here on nobody else tells zooid about the relay; false while somebody does. */
    begin: async (move: ClaimedMove): Promise<boolean> => {
      const begun = await beginMove(client, move, deps);
      if (begun) move.state = 'closing';
      return begun;
    },

    /** The step is done, the next one may begin. */
    advance: async (move: ClaimedMove, state: MoveState): Promise<void> => {
      await change(move, Prisma.sql`state = ${state}, tries = 0, error = ''`);
      move.state = state;
      move.tries = 0;
    },

    /** So many events are copied. */
    progress: async (move: ClaimedMove, events: number): Promise<void> => {
      await change(move, Prisma.sql`events = ${events}::int, claimed_until = ${later()}::timestamptz`);
      move.events = events;
    },
    /** Holds the claim for longer; false when it was lost, or the move was cancelled. */
    hold: async ({ id, claim, state }: ClaimedMove): Promise<boolean> => {
      const held = await client.$executeRaw`
        UPDATE relay_move SET claimed_until = ${later()}::timestamptz
        WHERE id = ${id} AND claim = ${claim} AND (state = ${state} OR state NOT IN ('undoing', 'done', 'undone'))`;
      return held > 0;
    },

    /** The relay is at its target now, which has `config`. */
    switchOver: async (move: ClaimedMove, config: JsonObject): Promise<void> => {
      move.generation = await switchRelay(client, { move, config }, deps);
      move.state = 'switched';
    },
    /** The relay answers at its target. */
    noteOpened: (move: ClaimedMove): Promise<void> =>
      change(
        move,
        Prisma.sql`opened_at = coalesce(opened_at, (
          SELECT last_synced_at FROM relay_sync
          WHERE relay_sync.relay_id = relay_move.relay_id AND last_synced_at >= closed_at), ${clock.now()}::timestamptz)`,
      ),
    /** The relay is its source's again. Nothing happens when it is already. */
    reopen: (move: ClaimedMove): Promise<void> => reopenRelay(client, move, deps),

    /** Waits for `retryAt`. With an error it was a failure, and the next state may be another one. */
    postpone: (move: ClaimedMove, { retryAt, error, state = move.state }: Postponed): Promise<void> =>
      change(
        move,
        error === undefined
          ? Prisma.sql`next_try_at = ${retryAt}::timestamptz, claimed_until = NULL`
          : Prisma.sql`state = ${state}, error = ${error}, next_try_at = ${retryAt}::timestamptz, claimed_until = NULL,
              tries = ${state === move.state ? move.tries + 1 : 0}::int`,
      ),

    finish: (move: ClaimedMove, state: 'done' | 'undone'): Promise<void> =>
      change(move, Prisma.sql`state = ${state}, finished_at = ${clock.now()}::timestamptz, claimed_until = NULL`),
  };
}

async function takeNext(
  client: PrismaClient,
  { now, until, claim }: { now: Date; until: Date; claim: string },
): Promise<ClaimedMove | null> {
  const [row] = await client.$queryRaw<MoveRow[]>`
    UPDATE relay_move SET claim = ${claim}, claimed_until = ${until}::timestamptz
    WHERE id = (
      SELECT id FROM relay_move
      WHERE finished_at IS NULL AND next_try_at <= ${now}::timestamptz
        AND (claimed_until IS NULL OR claimed_until <= ${now}::timestamptz)
      ORDER BY state = 'planned', created_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING *`;
  return row ? { ...toMove(row), claim } : null;
}

export interface Postponed {
  retryAt: Date;
  /** Left out: nothing went wrong. */
  error?: string;
  state?: MoveState;
}
