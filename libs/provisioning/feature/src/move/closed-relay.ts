import { AppError } from '@caravel/domain';
import type { Id } from '@caravel/domain';
import type { JsonObject } from '../json.js';
import { toZooidConfig } from '../zooid-config.js';
import type { MoveDeps } from './move-deps.js';
import { MoveImpossibleError } from './move-impossible-error.js';
import type { ClaimedMove, MovedEvent, MovedRelay } from './move-ports.js';

/**
 * The name under which a zooid serves a relay that moves: to nobody but us, because no proxy sends anybody to that
 * top-level domain, which exists nowhere (RFC 6761).
 */
export const closedHost = (relayId: Id): string => `moving-${relayId}.invalid`;

/** @throws MoveImpossibleError when nobody can have the relay back any more. */
export async function movedRelay({ moves }: MoveDeps, move: ClaimedMove): Promise<MovedRelay> {
  const moved = await moves.relayOf(move);
  if (!moved) throw new MoveImpossibleError('The relay is deleted for good.');
  return moved;
}

/**
 * What the target is told. What the owner changed at the source (NIP-86) goes along; the next sync finds it there, as it
 * would have here.
 */
export async function closedConfig(
  { zooids, settings }: MoveDeps,
  move: ClaimedMove,
  { moved: { relay }, signal }: Moving,
): Promise<JsonObject> {
  const host = closedHost(relay.id);
  const shown = await zooids.of(move.source).zooid.relayInfo(host, signal);
  if (!shown) throw new AppError('service-unavailable', `"${move.source}" does not show the relay.`);
  const { name, icon, description } = shown;
  const info = { name, icon, description, pubkey: relay.tenantPubkey };
  return { ...toZooidConfig(relay, settings), host, inactive: false, info };
}

/** Everything a closed relay holds at that instance. */
export function readClosed(deps: MoveDeps, instance: string, { moved, signal }: Moving): AsyncIterable<MovedEvent> {
  const { relayUrl } = deps.zooids.of(instance);
  return deps.events.read({ relayUrl, host: closedHost(moved.relay.id), secret: moved.secret, signal });
}

export interface Moving {
  moved: MovedRelay;
  signal: AbortSignal;
}
