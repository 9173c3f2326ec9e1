import { closeSource } from './close-source.js';
import { copyEvents } from './copy-events.js';
import { forgetSource, undoMove } from './end-move.js';
import type { MoveDeps } from './move-deps.js';
import { MoveImpossibleError } from './move-impossible-error.js';
import type { ClaimedMove } from './move-ports.js';
import { openTarget } from './open-target.js';

/**
 * Does what the move's state says, and writes down that it is done. `next`: the next step may begin; `wait`: somebody
 * else has to do something first; else the move has ended.
 */
export async function takeStep(
  deps: MoveDeps,
  move: ClaimedMove,
  signal: AbortSignal,
): Promise<'next' | 'wait' | 'done' | 'undone'> {
  const { moves } = deps;
  switch (move.state) {
    case 'planned':
      return (await beginMove(deps, move)) ? 'next' : 'wait';
    case 'closing':
      await closeSource(deps, move, signal);
      await moves.advance(move, 'copying');
      return 'next';
    case 'copying':
      await copyEvents(deps, move, signal);
      await moves.advance(move, 'verifying');
      return 'next';
    case 'verifying':
      await openTarget(deps, move, signal);
      return 'next';
    case 'switched':
      if (!(await forgetSource(deps, move, signal))) return 'wait';
      await moves.finish(move, 'done');
      return 'done';
    case 'undoing':
      await undoMove(deps, move, signal);
      await moves.finish(move, 'undone');
      return 'undone';
    case 'done':
    case 'undone':
      return move.state;
  }
}

/** Takes the relay from everybody else; false while a sync is at work on it. */
async function beginMove({ moves, events, zooids }: MoveDeps, move: ClaimedMove): Promise<boolean> {
  zooids.of(move.target);
  if (!events.canWrite) throw new MoveImpossibleError('Relays move only where ZOOID_IMPORT_COMMAND is set.');
  return moves.begin(move);
}
