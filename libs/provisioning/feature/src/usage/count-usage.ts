import { directMessage } from '@caravel/contracts';
import type { BellRinger } from '@caravel/queue';
import { inParallel, signalWithin } from '@caravel/service';
import type { Metrics } from '@caravel/service';
import { lookAtRelay } from './look-at-relay.js';
import type { LookDeps } from './look-at-relay.js';
import { lookAgainAt } from './next-look-at.js';
import type { CountedRelay, RelayUsages } from './usage-ports.js';

/**
 * What a sweep runs: looks at every relay whose turn has come, the longest waiting first, a bounded number at a time. A look that
 * fails leaves a gap and is tried again in an hour; when nothing but failures come, zooid is away, and the rest is left to
 * the next sweep.
 */
export function countUsage(deps: CountUsageDeps) {
  const { usages, concurrency = 4, pageSize = 20 } = deps;
  return async (signal: AbortSignal): Promise<void> => {
    for (let more = true; more && !signal.aborted;) {
      const due = await usages.claimDue(pageSize);
      let failures = 0;
      await inParallel(due, concurrency, async (relay) => {
        if (!(await countOne(deps, relay, signal))) failures += 1;
      });
      more = due.length === pageSize && failures < due.length;
    }
  };
}

/** False when nothing was learnt. */
async function countOne(deps: CountUsageDeps, relay: CountedRelay, signal: AbortSignal): Promise<boolean> {
  const { usages, bells, clock, log, metrics } = deps;
  const bounded = signalWithin(signal, LOOK_MS);
  try {
    const look = await lookAtRelay(deps, relay, bounded);
    const { told } = await usages.save(look);
    metrics?.count('relay_looks_total', { outcome: look.active === null ? 'partial' : 'whole' });
    if (told) await bells.ring(directMessage, { tenantPubkey: relay.tenantPubkey });
    return true;
  } catch (error) {
    if (!signal.aborted) {
      log.info({ err: error, relayId: relay.id }, 'relay not counted');
      metrics?.count('relay_looks_total', { outcome: 'failed' });
    }
    // One that was interrupted is simply due again. When not even this can be written, its turn comes when the lease ends.
    const again = signal.aborted ? clock.now() : lookAgainAt(clock.now());
    await usages.postpone(relay.id, again).catch((cause: unknown) => {
      log.warn({ err: cause, relayId: relay.id }, 'relay not postponed');
    });
    return false;
  }
}

/** Much shorter than a claim holds. */
const LOOK_MS = 20_000;

export interface CountUsageDeps extends LookDeps {
  usages: Pick<RelayUsages, 'claimDue' | 'save' | 'postpone'>;
  bells: Pick<BellRinger, 'ring'>;
  metrics?: Pick<Metrics, 'count'> | undefined;
  concurrency?: number;
  pageSize?: number;
}
