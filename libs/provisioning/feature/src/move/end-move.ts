import { relaySync } from '@caravel/contracts';
import type { MoveDeps } from './move-deps.js';
import type { ClaimedMove } from './move-ports.js';

/** The source forgets the relay, once the target answers for it; false until then. */
export async function forgetSource(deps: MoveDeps, move: ClaimedMove, signal: AbortSignal): Promise<boolean> {
  const moved = await deps.moves.relayOf(move);
  // Deleted relays are told nothing until they are had back.
  if (moved && !moved.deleted && moved.relay.appliedGeneration < (move.generation ?? 0)) return false;
  await deps.moves.noteOpened(move);
  await deps.zooids.of(move.source).zooid.remove(move.relayId, signal);
  return true;
}

/** The source has the relay again; the target, which never served it to anybody, forgets it. */
export async function undoMove(deps: MoveDeps, move: ClaimedMove, signal: AbortSignal): Promise<void> {
  await deps.moves.reopen(move);
  await deps.bells.ring(relaySync, { relayId: move.relayId });
  await deps.zooids.of(move.target).zooid.remove(move.relayId, signal);
}
