import type { Clock } from '@caravel/domain';

/** Remembers up to `maxEntries` values for `ttlMs` each; when full, the one that was set first makes room. */
export function expiringCache<Value>({ ttlMs, maxEntries, clock }: ExpiringCacheOptions): ExpiringCache<Value> {
  const entries = new Map<string, { value: Value; untilMs: number }>();
  return {
    get: (key) => {
      const entry = entries.get(key);
      if (!entry || entry.untilMs <= clock.now().getTime()) return undefined;
      return entry.value;
    },
    set: (key, value) => {
      entries.delete(key); // so that it moves to the end of the line
      entries.set(key, { value, untilMs: clock.now().getTime() + ttlMs });
      const [first] = entries.keys();
      if (entries.size > maxEntries && first !== undefined) entries.delete(first);
    },
  };
}

export interface ExpiringCache<Value> {
  get: (key: string) => Value | undefined;
  set: (key: string, value: Value) => void;
}

interface ExpiringCacheOptions {
  ttlMs: number;
  maxEntries: number;
  clock: Clock;
}
