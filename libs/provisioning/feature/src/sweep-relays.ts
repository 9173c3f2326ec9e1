import type { Id } from '@caravel/domain';
import type { Logger } from '@caravel/service';
import { drain } from './drain.js';
import type { Gate } from './gate.js';
import { heldBack } from './held-back.js';
import type { RelaySyncs, Zooid } from './ports.js';
import type { SyncRelay } from './sync-relay.js';
import type { ZooidInstances } from './zooid-instances.js';

/**
 * What a sweep runs: works off all due relays, those that wait longest first, a bounded number at a time; those of a zooid
 * that does not answer are left alone until it does. A relay that stays due is left to the next sweep. Rejects at the end
 * with what went wrong; one relay's error stops no other.
 */
export function sweepRelays({ syncs, sync, zooids, gate, log, concurrency = 16, pageSize = 100 }: SweepRelaysDeps) {
  return async (signal: AbortSignal): Promise<void> => {
    const errors: unknown[] = [];
    let without: string[] = [];
    await drain({
      next: () => {
        without = heldBack(zooids);
        // Also a relay that is nowhere yet would be placed at one of them.
        return without.length === zooids.list.length ? Promise.resolve([]) : syncs.due(pageSize, without);
      },
      isStale: () => heldBack(zooids).join() !== without.join(),
      work: async (relayId: Id) => {
        await gate(() => sync({ relayId }, { log, signal })).catch((error: unknown) => errors.push(error));
      },
      concurrency,
      signal,
    });
    if (errors.length > 0 && !signal.aborted) throw new AggregateError(errors, `${errors.length} relays not synced`);
  };
}

interface SweepRelaysDeps {
  syncs: Pick<RelaySyncs, 'due'>;
  sync: SyncRelay;
  zooids: ZooidInstances<Pick<Zooid, 'available'>>;
  /** Shared with the bell: so many syncs at once, and no more. */
  gate: Gate;
  log: Logger;
  concurrency?: number;
  pageSize?: number;
}
