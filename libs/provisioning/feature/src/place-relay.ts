import { AppError } from '@caravel/domain';
import type { RelayClaim } from './ports.js';
import { rankInstances } from './rank-instances.js';
import type { ZooidInstance, ZooidInstances } from './zooid-instances.js';

/**
 * The instance of a claimed relay: the one its row names, else the best that has room, written down before anybody there
 * hears of the relay. Throws when its instance isn't configured, and when all are full or draining.
 */
export async function placeRelay<Client>(
  { syncs, zooids }: { syncs: RelayPlacing; zooids: ZooidInstances<Client> },
  { claim, instance }: { claim: RelayClaim; instance: string | null },
): Promise<ZooidInstance<Client>> {
  if (instance !== null) return zooids.of(instance);
  for (const candidate of rankInstances(claim.relayId, zooids.list)) {
    if (await syncs.placeAt(claim, candidate)) return candidate;
  }
  throw new NoRoomError();
}

export interface RelayPlacing {
  /** Writes where the relay is; false when as many relays as `capacity` allows are there. Throws when the claim was lost. */
  placeAt: (claim: RelayClaim, instance: { name: string; capacity: number | null }) => Promise<boolean>;
}

/** Every instance is full or draining. */
export class NoRoomError extends AppError {
  constructor() {
    super('service-unavailable', 'There is no room for another relay at the moment. The operator has been told.');
  }
}
