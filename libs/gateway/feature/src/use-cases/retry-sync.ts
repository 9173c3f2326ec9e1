import type { Relay } from '@caravel/domain';
import type { GatewayDeps } from '../gateway-deps.js';
import type { Caller } from '../http/route.js';
import { announceRelay } from './announce-relay.js';

/**
 * Has the provisioner try again at once and with all its tries, also when it had given up: a new generation, and a fact, with
 * which a run of failures ends. A relay that is as it should be is left alone.
 */
export async function retrySync(
  deps: Pick<GatewayDeps, 'relayCommands' | 'ring'>,
  { caller, relay }: { caller: Caller; relay: Relay },
): Promise<Relay> {
  const changed = await deps.relayCommands.change({ id: relay.id, actor: caller.pubkey }, (current) =>
    current.appliedGeneration >= current.generation ? null : { type: 'update_relay' },
  );
  await announceRelay(deps, changed);
  return changed;
}
