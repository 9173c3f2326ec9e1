import { AppError } from '@caravel/domain';
import type { Clock, Id, NewId } from '@caravel/domain';
import { inTransaction } from '@caravel/platform-data-access';
import type { PrismaClient, Tx } from '@caravel/platform-data-access';
import { hasRoom, instanceOfRow } from '../relay-place.js';
import type { Place } from '../relay-place.js';
import { toMove } from './move-row.js';
import type { Move, MoveRow } from './move-row.js';

/**
 * Writes that a relay shall move, which also keeps its place at the target. @throws AppError that tells an operator why
 * it can't: nothing to move, there already, on its way, or no room.
 */
export function planMove(client: PrismaClient, { relayId, target }: PlannedMove, deps: Deps): Promise<Move> {
  return inTransaction(client, async (tx) => {
    const source = await findSource(tx, relayId);
    if (source === target.name) throw refused(`The relay is at "${target.name}" already.`);
    // Before the row is written: it counts itself.
    if (!(await hasRoom(tx, target))) throw refused(`"${target.name}" is full (${target.capacity ?? 0} relays).`);
    const now = deps.clock.now();
    const [row] = await tx.$queryRaw<MoveRow[]>`
      INSERT INTO relay_move (id, relay_id, source, target, created_at, next_try_at)
      VALUES (${deps.newId()}, ${relayId}, ${source}, ${target.name}, ${now}::timestamptz, ${now}::timestamptz)
      ON CONFLICT (relay_id) WHERE finished_at IS NULL DO NOTHING RETURNING *`;
    if (!row) throw refused('The relay is on its way already.');
    return toMove(row);
  });
}

async function findSource(tx: Tx, relayId: Id): Promise<string> {
  const sync = await tx.relaySync.findUnique({
    where: { relayId },
    select: { instance: true, sealedSecret: true, relay: { select: { removedAt: true } } },
  });
  if (!sync || sync.relay.removedAt) throw refused('There is no such relay.');
  const source = sync.sealedSecret === null ? null : instanceOfRow(sync);
  if (source === null) throw refused('The relay has not been set up anywhere yet.');
  return source;
}

const refused = (message: string) => new AppError('invalid-request', message);

interface Deps {
  clock: Clock;
  newId: NewId;
}

export interface PlannedMove {
  relayId: Id;
  target: Place;
}
