import { AppError } from '@caravel/domain';
import type { Relay } from '@caravel/domain';
import type { GatewayDeps } from '../gateway-deps.js';
import type { Caller } from '../http/route.js';

/** Deletes a stopped relay; reactivating brings it back for 30 days. Throws `relay-active`. */
export function deleteRelay(
  { relayCommands }: Pick<GatewayDeps, 'relayCommands'>,
  { caller, relay }: { caller: Caller; relay: Relay },
): Promise<Relay> {
  return relayCommands.remove({ id: relay.id, actor: caller.pubkey }, requireStopped);
}

function requireStopped({ status, generation, appliedGeneration }: Relay): void {
  if (status !== 'inactive') {
    throw new AppError(
      'relay-active',
      'This relay is not stopped. Please deactivate it first, then it can be deleted.',
    );
  }
  // What is deleted is synced no more, so zooid has to have heard first that it is stopped.
  if (appliedGeneration > 0 && appliedGeneration < generation) {
    throw new AppError('relay-active', 'This relay is still being stopped. Please try again in a minute.');
  }
}
