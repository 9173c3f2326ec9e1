import type { Clock } from '@caravel/domain';
import { inParallel } from '@caravel/service';
import type { Logger } from '@caravel/service';
import type { Tell } from './announce-tenant.js';
import type { checkEverything } from './check-stripe.js';
import type { DueTenant, DunningBook } from './dunning-book.js';

const BATCH = 200;
const CONCURRENCY = 4;
/** How long our wallet is asked whether the money is here already. */
const ASK_TIMEOUT_MS = 5_000;
/** Beside an older version, and after it. */
const ADOPT_MS = 86_400_000;

/**
 * Warns, pauses, restores and writes off whoever it is time for. Reads due rows only; a tenant with whom something goes wrong is
 * reported and does not stop the others.
 */
export function sweepDunning({ dunning, check, clock, log, tell }: SweepDunningDeps) {
  const dun = async ({ tenantPubkey, step }: DueTenant, signal: AbortSignal): Promise<void> => {
    if (signal.aborted) return;
    try {
      // Nobody is paused who paid by hand a moment ago.
      if (step === 'pause') await check({ tenantPubkey }, { timeoutMs: ASK_TIMEOUT_MS, signal });
      const done = await dunning.advance(tenantPubkey);
      if (done === null) return;
      log.info({ tenantPubkey, step: done }, 'dunning');
      await tell(tenantPubkey, { relays: done !== 'warn' });
    } catch (error) {
      log.error({ alert: 'dunning', err: error, tenantPubkey, step }, 'a tenant could not be dunned');
    }
  };

  let adoptedMs = -Infinity;
  const adopt = async (): Promise<void> => {
    const nowMs = clock.now().getTime();
    if (nowMs - adoptedMs < ADOPT_MS) return;
    await dunning.adopt();
    adoptedMs = nowMs;
  };

  return async (signal: AbortSignal): Promise<void> => {
    await adopt();
    for (;;) {
      const { looked, due } = await dunning.look({ limit: BATCH });
      await inParallel(due, CONCURRENCY, (tenant) => dun(tenant, signal));
      // Whoever was dunned is looked at again, for the next date.
      if ((due.length === 0 && looked < BATCH) || signal.aborted) return;
    }
  };
}

interface SweepDunningDeps {
  dunning: Pick<DunningBook, 'look' | 'adopt' | 'advance'>;
  check: ReturnType<typeof checkEverything>;
  clock: Clock;
  log: Logger;
  tell: Tell;
}
