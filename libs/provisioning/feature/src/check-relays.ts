import type { Clock, Id } from '@caravel/domain';
import { signalWithin } from '@caravel/service';
import type { Logger, Metrics } from '@caravel/service';
import { checkRelay } from './check-relay.js';
import type { CheckedZooid, CheckOutcome } from './check-relay.js';
import { drain } from './drain.js';
import type { Gate } from './gate.js';
import { heldBack } from './held-back.js';
import type { ClaimedRelay, RelayChecks } from './ports.js';
import type { ZooidInstances } from './zooid-instances.js';

/**
 * What a sweep runs: every synced relay is looked at about once a day, whether zooid still has it, and as it was told. Where
 * one is gone, others of its instance may be, too, and are looked at soon; so a zooid that has lost everything is found
 * out in minutes, and one lost relay costs little.
 */
export function checkRelays(options: CheckRelaysDeps) {
  const { checks, zooids, concurrency = 8, pageSize = 100 } = options;
  const deps: Deps = { ...options, missing: new Map(), hastened: new Map() };
  return async (signal: AbortSignal): Promise<void> => {
    let failures = 0;
    await drain({
      // When nobody answers, the rest is left to the next sweep.
      next: () => (failures > MANY ? Promise.resolve([]) : checks.dueChecks(pageSize, heldBack(zooids))),
      work: async (relayId) => {
        if (failures > MANY) return;
        const outcome = await deps
          .gate(() => checkOne(deps, relayId, signal))
          .catch((error: unknown) => {
            deps.log.error({ err: error, relayId }, 'check broke off');
            return 'unknown' as const;
          });
        if (outcome === 'unknown') failures += 1;
      },
      concurrency,
      signal,
    });
  };
}

async function checkOne(deps: Deps, relayId: Id, signal: AbortSignal): Promise<CheckOutcome | 'unknown'> {
  const work = await deps.checks.claimCheck(relayId);
  if (!work) return 'fine';
  const log = deps.log.child({ relayId });
  try {
    const outcome = await lookAt(deps, work, signal);
    deps.metrics?.count('relay_checks_total', { outcome });
    if (NEEDS_SYNC.has(outcome)) log.warn({ outcome }, 'relay is not as it was told, synced again');
    if (outcome === 'adopted') log.info('owner edits adopted');
    if (outcome === 'gone') await hasten(deps, work);
    return outcome;
  } catch (error) {
    if (signal.aborted) await deps.checks.release(work.claim);
    else {
      deps.metrics?.count('relay_checks_total', { outcome: 'unknown' });
      log.info({ err: error }, 'relay could not be checked');
      await deps.checks.markChecked(work.claim, new Date(deps.clock.now().getTime() + AGAIN_MS));
    }
    return 'unknown';
  }
}

function lookAt(deps: Deps, work: ClaimedRelay, signal: AbortSignal): Promise<CheckOutcome> {
  const { zooid } = deps.zooids.of(work.instance ?? '');
  // Shorter than the claim holds.
  return checkRelay({ ...deps, zooid }, work, signalWithin(signal, CHECK_MS));
}

/** Not for every one that is gone: where all are, looking at each again and again would be the most of the work. */
async function hasten({ checks, clock, hastened }: Deps, { instance }: ClaimedRelay): Promise<void> {
  const nowMs = clock.now().getTime();
  if (instance === null || nowMs - (hastened.get(instance) ?? 0) < HASTEN_EVERY_MS) return;
  hastened.set(instance, nowMs);
  await checks.hasten(instance, HASTENED);
}

const NEEDS_SYNC: ReadonlySet<CheckOutcome> = new Set(['gone', 'dark', 'astray']);
const CHECK_MS = 3000;
const AGAIN_MS = 10 * 60_000;
const HASTENED = 1000;
const HASTEN_EVERY_MS = 3000;
const MANY = 3;

interface CheckRelaysDeps {
  checks: RelayChecks;
  zooids: ZooidInstances<CheckedZooid>;
  /** Shared with the syncs: so much at once, and no more. */
  gate: Gate;
  log: Logger;
  clock: Clock;
  metrics?: Pick<Metrics, 'count'> | undefined;
  concurrency?: number;
  pageSize?: number;
}

interface Deps extends CheckRelaysDeps {
  missing: Map<Id, number>;
  /** When relays of an instance were hastened last. */
  hastened: Map<string, number>;
}
