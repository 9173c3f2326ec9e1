import type { Clock } from '@caravel/domain';
import type { Logger, Metrics } from '@caravel/service';
import { countSender } from './count-sender.js';

export const RATE_WINDOW_MS = 60_000;

/** What all processes of a deployment have counted together; in Redis or PostgreSQL. */
export interface SharedCounts {
  /**
   * Adds points to the running window of each key, or opens one of `RATE_WINDOW_MS`, and gives what they come to. Every key
   * once. May fail and may take for ever.
   */
  add: (counts: readonly RateCount[]) => Promise<readonly SharedCount[]>;
}

export interface RateCount {
  key: string;
  points: number;
}

export interface SharedCount extends RateCount {
  resetsInMs: number;
}

export interface RateWindows {
  /** Counts `points` for `key` when they fit under `limit` in its running window. Never waits for anybody. */
  take: (key: string, points: number, limit: number) => Taken;
  close: () => void;
}

export interface Taken {
  isAllowed: boolean;
  remaining: number;
  resetsInMs: number;
}

/**
 * Counts in this process and decides by it, and tells the other processes within a few hundredths of a second: a request
 * never waits for the store, and a store that is away or frozen costs exactness between processes and nothing else.
 */
export function rateWindows({ clock, shared, log, metrics }: RateWindowsOptions): RateWindows {
  const windows = new Map<string, Window>();
  const sender = shared && countSender(shared, { clock, log, metrics });
  return {
    take: (key, points, limit) => {
      const nowMs = clock.now().getTime();
      const window = running(windows, key, nowMs);
      const isAllowed = window.points + points <= limit;
      if (isAllowed) {
        window.points += points;
        sender?.tell(key, window, points);
      }
      return { isAllowed, remaining: Math.max(limit - window.points, 0), resetsInMs: window.resetsAtMs - nowMs };
    },
    close: () => sender?.close(),
  };
}

/** Bounded, whoever asks: the oldest goes first, and all last equally long. */
function running(windows: Map<string, Window>, key: string, nowMs: number): Window {
  const known = windows.get(key);
  // A clock that was set back must not make a window longer.
  if (known && known.resetsAtMs > nowMs && known.resetsAtMs <= nowMs + RATE_WINDOW_MS + CLOCK_SLACK_MS) return known;
  windows.delete(key);
  for (const [oldest, { resetsAtMs }] of windows) {
    if (resetsAtMs > nowMs && windows.size < MAX_WINDOWS) break;
    windows.delete(oldest);
  }
  const window: Window = { points: 0, untold: 0, resetsAtMs: nowMs + RATE_WINDOW_MS };
  windows.set(key, window);
  return window;
}
const MAX_WINDOWS = 50_000;
const CLOCK_SLACK_MS = 1000;

/** What one key has used up of the running minute. */
export interface Window {
  points: number;
  /** Counted here and not yet told to the others. */
  untold: number;
  resetsAtMs: number;
}

interface RateWindowsOptions {
  clock: Clock;
  /** None: each process counts alone. */
  shared?: SharedCounts | undefined;
  log: Logger;
  metrics?: Metrics | undefined;
}
