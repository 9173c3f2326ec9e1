import { setTimeout as sleep } from 'node:timers/promises';

/** Asks every 50 ms until there is an answer; after `timeoutMs` it throws `what`, with the last error as its cause. */
export async function poll<T>(what: string, ask: () => Promise<T | undefined>, timeoutMs: number): Promise<T> {
  const end = performance.now() + timeoutMs;
  let last: unknown;
  while (performance.now() < end) {
    try {
      const answer = await ask();
      if (answer !== undefined) return answer;
    } catch (error) {
      last = error;
    }
    await sleep(50);
  }
  const why = last instanceof Error ? ` (${last.message})` : '';
  throw new Error(`${what} not within ${timeoutMs / 1000} s${why}`, { cause: last });
}
