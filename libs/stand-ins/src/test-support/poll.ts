import { setTimeout as delay } from 'node:timers/promises';

/** Asks every 5 ms until the answer is not undefined; throws after 5 s. For tests. */
export async function poll<T>(ask: () => Promise<T | undefined> | T | undefined): Promise<T> {
  const deadlineMs = performance.now() + 5000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > deadlineMs) throw new Error('it did not happen within 5 s');
    await delay(5);
  }
}
