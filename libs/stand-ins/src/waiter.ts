import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

/** Waits that end when their owner stops: `wait` then rejects, so nothing happens after the end. */
export function waiter(): { wait: (ms: number) => Promise<void>; stop: () => void } {
  const end = new AbortController();
  setMaxListeners(0, end.signal); // any number of waits at a time
  return {
    wait: async (ms) => {
      await delay(ms, undefined, { signal: end.signal });
    },
    stop: () => {
      end.abort();
    },
  };
}
