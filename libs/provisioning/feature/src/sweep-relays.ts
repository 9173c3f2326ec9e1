import type { Id } from '@caravel/domain';
import { inParallel } from '@caravel/service';
import type { Logger } from '@caravel/service';
import type { RelaySyncs } from './ports.js';
import type { SyncRelay } from './sync-relay.js';

/**
 * What a sweep runs: works off all due relays, those that wait longest first, a bounded number at a time. A relay that
 * stays due is left to the next sweep. Rejects at the end with what went wrong; one relay's error stops no other.
 */
export function sweepRelays({ syncs, sync, log, concurrency = 8, pageSize = 100 }: SweepRelaysDeps) {
  return async (signal: AbortSignal): Promise<void> => {
    const seen = new Set<Id>();
    const errors: unknown[] = [];
    for (let more = true; more && !signal.aborted;) {
      const due = await syncs.due(pageSize);
      const fresh = due.filter((relayId) => !seen.has(relayId));
      for (const relayId of fresh) seen.add(relayId);
      await inParallel(fresh, concurrency, async (relayId) => {
        if (!signal.aborted) await sync({ relayId }, { log, signal }).catch((error: unknown) => errors.push(error));
      });
      more = due.length === pageSize && fresh.length > 0;
    }
    if (errors.length > 0 && !signal.aborted) throw new AggregateError(errors, `${errors.length} relays not synced`);
  };
}

interface SweepRelaysDeps {
  syncs: Pick<RelaySyncs, 'due'>;
  sync: SyncRelay;
  log: Logger;
  concurrency?: number;
  pageSize?: number;
}
