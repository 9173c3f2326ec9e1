import { pruneSpend } from '@caravel/pay-limits';
import type { CoreDeps } from '../pay-call.js';
import { pruneReceives } from '../receive/prune-receives.js';
import { pruneRequests } from '../requests/prune-requests.js';
import { toldError } from './told-error.js';

/**
 * Forgets what nobody will ask for any more, once an hour of a process that goes on: a command is not slowed by it. Any number of
 * processes may do it at once; each piece of it is one statement.
 */
export function tidy(deps: Pick<CoreDeps, 'db' | 'clock' | 'log'>) {
  const { db, clock, log } = deps;
  const nowMs = () => clock.now().getTime();
  let lastMs = nowMs();
  return async (signal: AbortSignal): Promise<void> => {
    if (nowMs() - lastMs < EVERY_MS) return;
    lastMs = nowMs();
    try {
      for (const prune of [() => pruneRequests(deps), () => pruneReceives(deps), () => pruneSpend(db)]) {
        for (let isMore = true; isMore && !signal.aborted;) isMore = await prune();
      }
    } catch (error) {
      // Another hour does not matter; what is paid meanwhile does.
      toldError(error, log);
    }
  };
}

const EVERY_MS = 3_600_000;
