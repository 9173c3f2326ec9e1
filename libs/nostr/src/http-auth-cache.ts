import type { Clock } from '@caravel/domain';
import type { NostrEvent } from './events.js';
import { applyHttpAuthPolicy, checkHttpAuth, type HttpAuthPolicy, type HttpAuthResult } from './nip98.js';

export interface HttpAuthCacheOptions {
  clock: Clock;
  /** How many headers are remembered at most; those used longest ago go first, half of them at a time. Default 5,000. */
  maxEntries?: number;
  /** How long a header is remembered after its signature was checked; at most 600 s, the default. */
  ttlS?: number;
}

export interface HttpAuthCache {
  /** `checkHttpAuth` that checks the signature of a header once; URL, age, method and body are checked every time. */
  check(header: string | undefined, policy: HttpAuthPolicy): HttpAuthResult;
  /** Headers remembered now. */
  size(): number;
}

interface Entry {
  event: NostrEvent;
  untilMs: number;
}

const MAX_TTL_S = 600;
/** An ordinary header has about 700 characters; remembering huge ones would let anyone with a key fill the memory. */
const MAX_REMEMBERED_CHARS = 4096;

/** Makes a client that polls cost one signature check. Only successes are remembered, so failures can't push them out. */
export function httpAuthCache({ clock, maxEntries = 5_000, ttlS = MAX_TTL_S }: HttpAuthCacheOptions): HttpAuthCache {
  // Two maps that only grow until one replaces the other: moving an entry at each use would make a map copy itself all the
  // time, and its copies stay in memory until the next full collection.
  let young = new Map<string, Entry>();
  let old = new Map<string, Entry>();
  const keepMs = Math.min(ttlS, MAX_TTL_S) * 1000;

  function recall(header: string, nowMs: number): NostrEvent | undefined {
    const known = young.get(header);
    const entry = known ?? old.get(header);
    if (!entry || entry.untilMs <= nowMs) return undefined;
    if (!known) remember(header, entry);
    return entry.event;
  }

  function remember(header: string, entry: Entry): void {
    if (young.size >= maxEntries / 2) {
      old = young;
      young = new Map();
    }
    young.set(header, entry);
  }

  return {
    size: () => young.size + old.size,
    check(header, policy) {
      if (!header || header.length > MAX_REMEMBERED_CHARS) return checkHttpAuth(header, policy);
      const nowMs = clock.now().getTime();
      const known = recall(header, nowMs);
      if (known) return applyHttpAuthPolicy(known, policy);
      const result = checkHttpAuth(header, policy);
      if (result.ok) remember(header, { event: result.event, untilMs: nowMs + keepMs });
      return result;
    },
  };
}
