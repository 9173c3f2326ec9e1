import { billingAccount } from '@caravel/contracts';
import { AppError } from '@caravel/domain';
import type { Clock, Id } from '@caravel/domain';
import type { BellRinger, JobContext } from '@caravel/queue';
import { signalWithin } from '@caravel/service';
import type { Metrics } from '@caravel/service';
import { adoptEdits } from './adopt-edits.js';
import { HeldBackError } from './circuit-breaker.js';
import { isLive } from './is-live.js';
import type { JsonObject } from './json.js';
import { forgetPatched } from './merge-patch.js';
import { placeRelay } from './place-relay.js';
import type { ClaimedRelay, RelaySyncs, Zooid } from './ports.js';
import { failureText, retryAt } from './retry-at.js';
import { sendConfig } from './send-config.js';
import type { SendConfigDeps, Sent } from './send-config.js';
import type { ZooidInstances } from './zooid-instances.js';

/** Handles the bell `relay-sync`, and what the sweep finds. */
export type SyncRelay = (bell: { relayId: Id }, context: Pick<JobContext, 'log' | 'signal'>) => Promise<void>;

/**
 * Makes zooid's relay what the row says, and says so in the row. Any number of these may run for one relay, in any
 * process: who has the claim works, the others end. It ends only after a re-read: what was written down as synced had nothing
 * newer, or taking the claim again found nothing due.
 */
export function syncRelay(deps: SyncRelayDeps): SyncRelay {
  return async ({ relayId }, { log, signal }) => {
    while (!signal.aborted) {
      const work = await deps.syncs.claim(relayId);
      if (!work) return;
      const context = { log: log.child({ relayId, generation: work.relay.generation }), signal };
      if ((await workUnderClaim(deps, work, context)) === 'ended') return;
    }
  };
}

async function workUnderClaim(deps: SyncRelayDeps, claimed: ClaimedRelay, context: Context): Promise<Outcome> {
  // Shorter than the claim holds, so nobody else begins while a call of ours may still be on its way.
  const signal = signalWithin(context.signal, WORK_MS);
  let work = claimed;
  try {
    const { zooid } = await placeRelay(deps, work);
    if (zooid.available?.() === false) throw new HeldBackError({ called: false });
    work = await adoptEdits({ ...deps, zooid, onAdopted: tellAdopted(deps, context) }, work, signal);
    const sent = await sendConfig({ ...deps, zooid }, work, signal);
    const firstAfterMs = sent.called ? FIRST_LOOK_MS : 0;
    if (await isLive({ zooid, patienceMs: deps.liveWithinMs, firstAfterMs }, work.relay, signal)) {
      return await complete(deps, work, { config: sent.config, context });
    }
    context.signal.throwIfAborted();
    await waitForIt(deps, work, sent);
  } catch (error) {
    if (context.signal.aborted) {
      // We are stopping; that is no failure of the relay. Whoever comes next begins at once.
      await deps.syncs.release(work.claim);
      throw error;
    }
    if (error instanceof HeldBackError) {
      await holdBack(deps, work, error);
      return 'ended';
    }
    await fail(deps, work, { error, context });
  }
  return 'look again';
}

/** Nobody is answered, so nothing counts. Who was tried goes to the back, or one that breaks zooid would always be the one to try. */
async function holdBack(
  { syncs, clock }: SyncRelayDeps,
  { claim, relay }: ClaimedRelay,
  { called }: HeldBackError,
): Promise<void> {
  if (!called) return syncs.release(claim);
  const until = new Date(clock.now().getTime() + TRIED_MS);
  return syncs.postpone({ claim, generation: relay.generation, until });
}

const tellAdopted =
  ({ metrics }: SyncRelayDeps, { log }: Context) =>
  (fields: readonly string[]): void => {
    log.info({ fields }, 'owner edits adopted');
    metrics?.count('relay_owner_edits_total');
  };

async function complete(
  { syncs, bells, clock, metrics, onFirstSync }: SyncRelayDeps,
  { claim, relay, createdAt, everSynced }: ClaimedRelay,
  { config, context }: { config: JsonObject; context: Context },
): Promise<Outcome> {
  const { tenantPubkey, generation } = relay;
  const synced = await syncs.markSynced({ claim, tenantPubkey, generation, config });
  if (!synced) return 'look again';
  context.log.info('relay synced');
  if (!everSynced) onFirstSync?.(clock.now().getTime() - createdAt.getTime());
  metrics?.count('relay_syncs_total', { outcome: 'synced' });
  await bells.ring(billingAccount, { tenantPubkey });
  return synced.newer ? 'look again' : 'ended';
}

/** Accepted and not shown: looked at again every few seconds; told everything again when it takes too long. */
async function waitForIt(
  { syncs, clock }: SyncRelayDeps,
  { claim, relay, waitingSince, pending: before }: ClaimedRelay,
  { config, called, told }: Sent,
): Promise<void> {
  const now = clock.now();
  const since = called ? now : (waitingSince ?? now);
  if (now.getTime() - since.getTime() >= SHOWN_WITHIN_MS) {
    await syncs.noteKnown(claim, forgetPatched(config, config));
    throw new AppError(
      'service-unavailable',
      'The relay server accepted the configuration, but the relay does not show it.',
    );
  }
  const recheckAt = new Date(now.getTime() + RECHECK_MS);
  const pending = [...new Set([...before, ...told])];
  await syncs.markWaiting({ claim, generation: relay.generation, config, since, recheckAt, pending });
}

async function fail(
  { syncs, clock, metrics }: SyncRelayDeps,
  { claim, relay }: ClaimedRelay,
  { error, context }: { error: unknown; context: Context },
): Promise<void> {
  const failed = await syncs.markFailed({
    claim,
    tenantPubkey: relay.tenantPubkey,
    generation: relay.generation,
    error: failureText(error),
    retryAt: (failures) => retryAt(clock.now(), failures),
  });
  if (!failed) return;
  const givenUp = failed.nextTryAt === null;
  const expected = error instanceof AppError && error.retryable;
  const level = givenUp || !expected ? 'error' : 'warn';
  context.log[level](
    { err: error, ...failed, ...(givenUp && { alert: 'relay-sync' }) },
    givenUp ? 'relay sync given up' : 'relay sync failed',
  );
  metrics?.count('relay_syncs_total', { outcome: givenUp ? 'given_up' : 'failed' });
}

/** One POST, one PATCH and the look at the relay, each with its own deadline, fit in; the claim holds 20 s. */
const WORK_MS = 15_000;
const FIRST_LOOK_MS = 25;
const RECHECK_MS = 5000;
const TRIED_MS = 30_000;
const SHOWN_WITHIN_MS = 60_000;

type Context = Pick<JobContext, 'log' | 'signal'>;
type Outcome = 'ended' | 'look again';

export interface SyncRelayDeps extends Omit<SendConfigDeps, 'zooid'> {
  syncs: RelaySyncs;
  zooids: ZooidInstances<Zooid>;
  bells: Pick<BellRinger, 'ring'>;
  clock: Clock;
  metrics?: Pick<Metrics, 'count'>;
  /** How long after its creation a relay was seen answering for the first time. */
  onFirstSync?: (afterMs: number) => void;
  /** How long a change may take to show within the job; 2 s by default. */
  liveWithinMs?: number;
}
