import type { Id } from '@caravel/domain';
import { inParallel } from '@caravel/service';
import type { Logger } from '@caravel/service';
import type { Zooid } from './ports.js';
import { instanceOfRelay } from './zooid-instances.js';
import type { RelayPlaces, ZooidInstances } from './zooid-instances.js';

/**
 * What a sweep runs: relays that were deleted so long ago that nobody can have them back are deleted at zooid too. One that zooid
 * does not know or never had is done as well; one that could not be deleted is left to the next sweep.
 */
export function removeRelays({ removals, places, zooids, log, concurrency = 4, pageSize = 100 }: RemoveRelaysDeps) {
  return async (signal: AbortSignal): Promise<void> => {
    const due = await removals.due(pageSize);
    await inParallel(due, concurrency, async (relayId) => {
      if (signal.aborted) return;
      try {
        const instance = await instanceOfRelay({ syncs: places, zooids }, relayId);
        await instance?.zooid.remove(relayId, signal);
        // Last on purpose: a crash before this line repeats the call above, and zooid answers it as well.
        await removals.markRemoved(relayId);
        log.info({ relayId }, 'relay removed from zooid');
      } catch (error) {
        log.warn({ err: error, relayId }, 'relay not removed from zooid yet');
      }
    });
  };
}

/** Relays whose time to be had back is over. */
interface RelayRemovals {
  due: (limit: number) => Promise<Id[]>;
  markRemoved: (relayId: Id) => Promise<void>;
}

interface RemoveRelaysDeps {
  removals: RelayRemovals;
  places: RelayPlaces;
  zooids: ZooidInstances<Pick<Zooid, 'remove'>>;
  log: Logger;
  concurrency?: number;
  pageSize?: number;
}
