import { directMessage } from '@caravel/contracts';
import type { Clock, Relay } from '@caravel/domain';
import { inParallel } from '@caravel/service';
import type { Logger, Metrics } from '@caravel/service';
import type { IdlePorts, IdleStores, RelayUse } from '../idle-port.js';
import { decideDeactivate } from '../rules/decide-status.js';
import { idleStep } from '../rules/idle-step.js';
import type { IdleStep } from '../rules/idle-step.js';
import { requireStopped } from '../rules/require-stopped.js';
import { announceRelay } from './announce-relay.js';

/**
 * What a sweep runs: free relays that nobody uses are announced, stopped and deleted, by the commands that their tenants have
 * for it. Any number of these may run at once, and a crash repeats nothing: a step is one transaction, decided under the tenant's lock
 * on what it sees there.
 */
export function endIdleRelays(deps: EndIdleDeps) {
  const { idles, clock, idleDays, pageSize = 200 } = deps;
  return async (signal: AbortSignal): Promise<void> => {
    for (let more = true; more && !signal.aborted;) {
      const now = clock.now();
      const due = await idles.due(now, pageSize);
      const decided = due.map((use) => ({ use, step: idleStep(use, { now, idleDays }) }));
      const turns = decided.flatMap(({ use: { relayId }, step }) =>
        step.kind === 'wait' ? [{ relayId, at: step.until }] : [],
      );
      if (turns.length > 0) await idles.lookAgain(turns);
      let failures = 0;
      await inParallel(
        decided.filter(({ step }) => step.kind !== 'wait'),
        CONCURRENCY,
        async ({ use }) => {
          if (!signal.aborted && !(await takeStep(deps, use))) failures += 1;
        },
      );
      more = due.length === pageSize && failures < pageSize;
    }
  };
}

/** False when it failed: it stays due. */
async function takeStep(deps: EndIdleDeps, { relayId, tenantPubkey }: RelayUse): Promise<boolean> {
  const { together, ring, clock, idleDays, log, metrics } = deps;
  try {
    const { kind, changed } = await together(async (stores) => {
      const use = await stores.idles.locked(relayId);
      if (!use) return { kind: 'gone' as const, changed: null };
      const now = clock.now();
      const step = idleStep(use, { now, idleDays });
      const changed = await write(stores, { use, step, now });
      // Looked at again at once: the next stage says for how long.
      await stores.idles.lookAgain([{ relayId, at: step.kind === 'wait' ? step.until : now }]);
      return { kind: step.kind, changed };
    });
    if (changed) await announceRelay({ ring }, changed);
    if (TOLD.has(kind)) await ring(directMessage, { tenantPubkey });
    metrics.count('idle_relays_total', { step: kind });
    log.info({ relayId, step: kind }, 'idle relay');
    return true;
  } catch (error) {
    log.error({ err: error, relayId }, 'idle relay not dealt with');
    return false;
  }
}

async function write({ idles, relayCommands }: IdleStores, { use, step, now }: Writing): Promise<Relay | null> {
  const target = { id: use.relayId, actor: SERVICE_NAME };
  switch (step.kind) {
    case 'wait':
      return null;
    case 'announce':
      await idles.announce(use, { announcedAt: now, stopAt: step.stopAt });
      return null;
    case 'stop': {
      const relay = await relayCommands.change(target, decideDeactivate);
      await idles.markStopped(use, { stoppedAt: now, deleteAt: step.deleteAt });
      return relay;
    }
    case 'delete': {
      const relay = await relayCommands.remove(target, requireStopped);
      await idles.markDeleted(use);
      return relay;
    }
    case 'end':
      await idles.end(use.relayId);
      return null;
  }
}

/** Whom the activities name; a person's key is longer. */
const SERVICE_NAME = 'api-gateway';
const TOLD: ReadonlySet<string> = new Set(['announce', 'stop', 'delete']);
const CONCURRENCY = 4;

interface Writing {
  use: RelayUse;
  step: IdleStep;
  now: Date;
}

export interface EndIdleDeps extends IdlePorts {
  clock: Clock;
  log: Logger;
  metrics: Pick<Metrics, 'count'>;
  idleDays: number;
  pageSize?: number;
}
