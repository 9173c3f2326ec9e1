import type { QueueDeps } from './queue-deps.js';

/**
 * Logs errors of a connection that retries by itself: the same message once in 10 s, so that an outage is visible and
 * does not drown everything else.
 */
export function connectionErrors(
  { log, clock }: Pick<QueueDeps, 'log' | 'clock'>,
  what = 'queue connection',
): (error: Error) => void {
  const loggedAtMs = new Map<string, number>();
  return (error) => {
    const nowMs = clock.now().getTime();
    if (nowMs - (loggedAtMs.get(error.message) ?? -Infinity) < QUIET_MS) return;
    if (loggedAtMs.size > 100) loggedAtMs.clear();
    loggedAtMs.set(error.message, nowMs);
    log.warn({ err: error }, what);
  };
}

const QUIET_MS = 10_000;
