import { randomInt } from 'node:crypto';
import { pause } from './deadline.js';
import type { Filter } from './filter.js';
import type { NostrEvent } from './events.js';
import { failure } from './relay-failure.js';
import type { UseRelay } from './relay-lease.js';
import type { Backoff, SubscribeOptions } from './relay-pool-types.js';
import type { SeenIds } from './seen-ids.js';

export interface FollowOptions {
  url: string;
  use: UseRelay;
  filters: readonly Filter[];
  /** Shared by all relays of one subscription. */
  seen: SeenIds;
  wanted: SubscribeOptions;
  backoff: Backoff;
}

/** Keeps one relay's part of a subscription alive until `signal` is aborted: connects, asks, waits and asks again. Rejects only when `onDown` throws. */
export async function followRelay(options: FollowOptions, signal: AbortSignal): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    const result = await followOnce(options, signal, () => {
      failures = 0;
    });
    if (isAborted(signal)) return;
    options.wanted.onDown?.(result);
    await pause(delayMs(options.backoff, failures), signal);
    failures += 1;
  }
}

async function followOnce(
  { url, use, filters, seen, wanted }: FollowOptions,
  signal: AbortSignal,
  onReady: () => void,
) {
  const handlers = {
    filters,
    isKnown: (id: string) => seen.has(id) || wanted.isUnwanted?.(id) === true,
    onEvent(event: NostrEvent) {
      seen.add(event.id);
      wanted.onEvent(event, url);
    },
    onEose() {
      onReady();
      wanted.onReady?.(url);
    },
  };
  try {
    const words = await use(url, (connection) => connection.request(handlers, signal));
    return failure(url, words || 'closed by the relay');
  } catch (error) {
    return failure(url, error);
  }
}

/** Doubles with every failure, with jitter, so that a relay that comes back is not met by everybody at once. */
function delayMs({ minMs, maxMs }: Backoff, failures: number): number {
  const fullMs = Math.min(maxMs, minMs * 2 ** Math.min(failures, 20));
  return fullMs / 2 + randomInt(Math.max(1, Math.ceil(fullMs / 2)));
}

/** A call, so that the compiler does not take the answer of the loop's condition for granted after an await. */
const isAborted = (signal: AbortSignal): boolean => signal.aborted;
