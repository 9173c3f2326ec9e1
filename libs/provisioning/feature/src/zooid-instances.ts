import { AppError } from '@caravel/domain';
import type { Id } from '@caravel/domain';

/**
 * The zooids there are. Which of them has a relay is written in the relay's row (`RelaySyncs.instanceOf`, or
 * `ClaimedRelay.instance` under a claim).
 */
export interface ZooidInstances<Client> {
  list: readonly ZooidInstance<Client>[];
  /** @throws UnknownInstanceError when the configuration has no instance of that name. */
  of: (name: string) => ZooidInstance<Client>;
}

export interface ZooidInstance<Client> extends InstanceRules {
  zooid: Client;
  /** Where it serves relays, by Host header. */
  relayUrl: string;
}

/** What decides where a new relay goes. */
export interface InstanceRules {
  name: string;
  /** Its share of relays, relative to the others'. */
  weight: number;
  /** So many relays at most; null: no limit. */
  capacity: number | null;
  /** Takes no relay any more. */
  draining: boolean;
}

/** The name of the only instance where none are named. */
export const MAIN_INSTANCE = 'main';

export function zooidInstances<Client>(list: readonly ZooidInstance<Client>[]): ZooidInstances<Client> {
  const byName = new Map(list.map((instance) => [instance.name, instance]));
  return {
    list,
    of: (name) => {
      const instance = byName.get(name);
      if (!instance) throw new UnknownInstanceError(name);
      return instance;
    },
  };
}

/** One zooid without limits, under the name it has where none are named. */
export function oneZooid<Client>(zooid: Client, relayUrl: string): ZooidInstances<Client> {
  return zooidInstances([{ name: MAIN_INSTANCE, zooid, relayUrl, weight: 1, capacity: null, draining: false }]);
}

/** The instance that has a relay; null while it is nowhere. @throws UnknownInstanceError */
export async function instanceOfRelay<Client>(
  { syncs, zooids }: { syncs: RelayPlaces; zooids: ZooidInstances<Client> },
  relayId: Id,
): Promise<ZooidInstance<Client> | null> {
  const name = await syncs.instanceOf(relayId);
  return name === null ? null : zooids.of(name);
}

export interface RelayPlaces {
  /** Null while the relay is nowhere. */
  instanceOf: (relayId: Id) => Promise<string | null>;
}

/**
 * A relay's row names an instance that isn't configured. It stays there: another instance would not have its events. The
 * operator puts the instance back into the list.
 */
export class UnknownInstanceError extends AppError {
  constructor(readonly instance: string) {
    super('service-unavailable', 'The server of this relay is not available at the moment.', {
      cause: new Error(`zooid instance "${instance}" is not in ZOOID_INSTANCES`),
    });
  }
}
