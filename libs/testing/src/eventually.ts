import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Polls until `check` answers something other than undefined, null or false, or stops throwing; gives that answer. Fails
 * after `timeoutMs` with the last error. Tests wait for states with it, never for time.
 */
export async function eventually<T>(
  check: () => T | Promise<T>,
  { timeoutMs = 10_000, everyMs = 20 }: { timeoutMs?: number; everyMs?: number } = {},
): Promise<NonNullable<T>> {
  const end = performance.now() + timeoutMs;
  let last: unknown = new Error('the state never came');
  while (performance.now() < end) {
    try {
      const answer = await check();
      if (answer !== undefined && answer !== null && answer !== false) return answer;
    } catch (error) {
      last = error;
    }
    await sleep(everyMs);
  }
  throw new Error(`not within ${timeoutMs} ms`, { cause: last });
}
