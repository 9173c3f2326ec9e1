import { ApiError } from './api-error.js';
import type { Surroundings } from './surroundings.js';

const FIRST_WAIT_MS = 300;
const LONGEST_WAIT_MS = 10_000;

/**
 * Runs `attempt` until it succeeds, fails for good, or there is no time or try left; then the last failure is thrown.
 * Between tries it waits twice as long each time, give or take, and never shorter than the server asks for.
 */
export async function retry<T>(attempt: () => Promise<T>, limits: RetryLimits): Promise<T> {
  const { tries, leftMs, signal, around } = limits;
  for (let tried = 1; ; tried += 1) {
    try {
      return await attempt();
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof ApiError) || !error.retryable || tried >= tries) throw error;
      const waitMs = Math.max(backoffMs(tried, around.random()), (error.retryAfterS ?? 0) * 1000);
      if (waitMs >= leftMs()) throw error;
      await around.sleep(waitMs, signal);
      signal.throwIfAborted();
    }
  }
}

/** Half of it is luck, so that clients that failed together don't come back together. */
export function backoffMs(tried: number, luck: number): number {
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (tried - 1)) * (0.5 + luck / 2);
}

export interface RetryLimits {
  tries: number;
  /** A wait that takes longer is not begun. */
  leftMs: () => number;
  signal: AbortSignal;
  around: Pick<Surroundings, 'random' | 'sleep'>;
}
