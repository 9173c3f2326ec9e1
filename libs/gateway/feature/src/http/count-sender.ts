import { AsyncLocalStorage } from 'node:async_hooks';
import type { Clock } from '@caravel/domain';
import type { Logger, Metrics } from '@caravel/service';
import type { SharedCount, SharedCounts, Window } from './rate-windows.js';

/** Tells what was counted here and takes over what all have counted: one batch on its way at most. */
export function countSender(shared: SharedCounts, { clock, log, metrics }: CountSenderDeps): CountSender {
  const untold = new Map<string, Window>();
  // The store's connections outlive the request that happens to open them; their log lines must not carry its id.
  const outsideOfRequests = AsyncLocalStorage.snapshot();
  let timer: NodeJS.Timeout | undefined;
  let isResting = true;
  let isAlone = false;
  let isClosed = false;

  const wakeIn = (delayMs: number): void => {
    if (isClosed) return;
    isResting = false;
    timer = setTimeout(() => void outsideOfRequests(wake), delayMs).unref();
  };
  const wake = async (): Promise<void> => {
    if (untold.size === 0) {
      isResting = true;
      return;
    }
    const batch = new Map(untold);
    untold.clear();
    wakeIn((await sent(batch)) ? SHARE_EVERY_MS : AFTER_FAILURE_MS);
  };
  /** What failed is not repeated: it may have been counted. */
  const sent = async (batch: ReadonlyMap<string, Window>): Promise<boolean> => {
    const counts = [...batch].map(([key, window]) => ({ key, points: window.untold }));
    for (const window of batch.values()) window.untold = 0;
    try {
      const answers = await shared.add(counts);
      for (const count of answers) adopt(batch.get(count.key), count, clock.now().getTime());
      if (isAlone) log.info('rate limits are shared again');
      isAlone = false;
      return true;
    } catch (error) {
      metrics?.count('rate_limit_store_failures_total');
      if (!isAlone && !isClosed) log.warn({ err: error }, 'rate limits are counted by this process alone');
      isAlone = true;
      return false;
    }
  };

  return {
    tell: (key, window, points) => {
      window.untold += points;
      untold.set(key, window);
      if (isResting) wakeIn(SHARE_EVERY_MS);
    },
    close: () => {
      isClosed = true;
      clearTimeout(timer);
    },
  };
}

const SHARE_EVERY_MS = 20;
const AFTER_FAILURE_MS = 1000;

/** What others counted, and what was counted here since the batch left. */
function adopt(window: Window | undefined, { points, resetsInMs }: SharedCount, nowMs: number): void {
  if (!window) return;
  window.points = points + window.untold;
  window.resetsAtMs = nowMs + resetsInMs;
}

export interface CountSender {
  tell: (key: string, window: Window, points: number) => void;
  close: () => void;
}

interface CountSenderDeps {
  clock: Clock;
  log: Logger;
  metrics?: Metrics | undefined;
}
