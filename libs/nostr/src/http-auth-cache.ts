import { hash } from 'node:crypto';
import type { Clock } from '@caravel/domain';
import type { NostrEvent } from './events.js';
import { applyHttpAuthPolicy, checkHttpAuth, type HttpAuthPolicy, type HttpAuthResult } from './nip98.js';

export interface HttpAuthCacheOptions {
  clock: Clock;
  /** How many headers are remembered; the one used longest ago goes first. Default 5,000. */
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

const MAX_TTL_S = 600;
/** An ordinary header has about 700 characters; remembering huge ones would let anyone with a key fill the memory. */
const MAX_REMEMBERED_CHARS = 4096;

/** Makes a client that polls cost one signature check. Only successes are remembered, so failures can't push them out. */
export function httpAuthCache({ clock, maxEntries = 5_000, ttlS = MAX_TTL_S }: HttpAuthCacheOptions): HttpAuthCache {
  const entries = new Map<string, { event: NostrEvent; untilMs: number }>();
  const keepMs = Math.min(ttlS, MAX_TTL_S) * 1000;

  function recall(key: string, nowMs: number): NostrEvent | undefined {
    const entry = entries.get(key);
    if (!entry) return undefined;
    entries.delete(key);
    if (entry.untilMs <= nowMs) return undefined;
    entries.set(key, entry); // moved to the end: a Map keeps insertion order
    return entry.event;
  }

  function remember(key: string, event: NostrEvent, untilMs: number): void {
    entries.set(key, { event, untilMs });
    const [oldest] = entries.keys();
    if (entries.size > maxEntries && oldest !== undefined) entries.delete(oldest);
  }

  return {
    size: () => entries.size,
    check(header, policy) {
      if (!header || header.length > MAX_REMEMBERED_CHARS) return checkHttpAuth(header, policy);
      const nowMs = clock.now().getTime();
      const key = hash('sha256', header, 'base64');
      const known = recall(key, nowMs);
      if (known) return applyHttpAuthPolicy(known, policy);
      const result = checkHttpAuth(header, policy);
      if (result.ok) remember(key, result.event, nowMs + keepMs);
      return result;
    },
  };
}
