import type { Relay } from '@caravel/domain';
import type { GatewayDeps } from '../gateway-deps.js';
import type { Caller } from '../http/route.js';
import { requireStopped } from '../rules/require-stopped.js';

/** Deletes a stopped relay; reactivating brings it back for 30 days. Throws `relay-active`. */
export function deleteRelay(
  { relayCommands }: Pick<GatewayDeps, 'relayCommands'>,
  { caller, relay }: { caller: Caller; relay: Relay },
): Promise<Relay> {
  return relayCommands.remove({ id: relay.id, actor: caller.pubkey }, requireStopped);
}
