import type { Pubkey } from '@caravel/domain';
import type { Logger } from '@caravel/service';
import type { checkEverything } from './check-stripe.js';
import type { DuePage, DunningBook, DunningStepName } from './dunning-book.js';
import { inParallel } from './in-parallel.js';

const BATCH = 200;
const CONCURRENCY = 4;
/** How long our wallet is asked whether the money is here already. */
const ASK_TIMEOUT_MS = 5_000;

/**
 * Warns, pauses, restores and writes off whoever it is time for. Reads due rows only; a tenant with whom something goes wrong is
 * reported and does not stop the others.
 */
export function sweepDunning({ dunning, check, log, tell }: SweepDunningDeps) {
  const dun = async ({ tenantPubkey, step }: Due, signal: AbortSignal): Promise<void> => {
    if (signal.aborted) return;
    try {
      // Nobody is paused who paid by hand a moment ago.
      if (step === 'pause') await check({ tenantPubkey }, { timeoutMs: ASK_TIMEOUT_MS, signal });
      const done = await dunning.advance(tenantPubkey);
      if (done === null) return;
      log.info({ tenantPubkey, step: done }, 'dunning');
      await tell(tenantPubkey);
    } catch (error) {
      log.error({ alert: 'dunning', err: error, tenantPubkey, step }, 'a tenant could not be dunned');
    }
  };

  const scan = async <Cursor>(read: ReadPage<Cursor>, signal: AbortSignal): Promise<void> => {
    let after: Cursor | null = null;
    do {
      const page: DuePage<Cursor> = await read({ after, limit: BATCH });
      await inParallel(page.due, CONCURRENCY, (due) => dun(due, signal));
      after = page.next;
    } while (after !== null && !signal.aborted);
  };

  return async (signal: AbortSignal): Promise<void> => {
    await scan(dunning.overdue, signal);
    await scan(dunning.marked, signal);
  };
}

interface Due {
  tenantPubkey: Pubkey;
  step: DunningStepName;
}

type ReadPage<Cursor> = (page: { after: Cursor | null; limit: number }) => Promise<DuePage<Cursor>>;

interface SweepDunningDeps {
  dunning: Pick<DunningBook, 'overdue' | 'marked' | 'advance'>;
  check: ReturnType<typeof checkEverything>;
  log: Logger;
  tell: (tenantPubkey: Pubkey) => Promise<void>;
}
