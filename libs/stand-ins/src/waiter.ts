import { setTimeout as delay } from 'node:timers/promises';

/** Waits that end when their owner stops: `wait` then rejects, so nothing happens after the end. */
export function waiter(): { wait: (ms: number) => Promise<void>; stop: () => void } {
  const end = new AbortController();
  return {
    wait: async (ms) => {
      await delay(ms, undefined, { signal: end.signal });
    },
    stop: () => {
      end.abort();
    },
  };
}
