import type { Filter, NostrEvent, RelayPool } from '@caravel/nostr';

/**
 * Reads what relays have stored page by page, one page a call: a subscription shows the newest few hundred only, and a flood would
 * hide what came before it. What a relay does not answer now is read when everything is asked for again.
 */
export function storedWraps(pool: Pick<RelayPool, 'query'>, take: (wrap: NostrEvent) => void): StoredWraps {
  const left = new Map<string, { filter: Filter; pages: number }>();
  return {
    begin: (relays, filter) => {
      left.clear();
      for (const url of relays) left.set(url, { filter, pages: MAX_PAGES });
    },
    readPage: async (signal) => {
      const [next] = left;
      if (!next) return;
      const [url, { filter, pages }] = next;
      const wraps = await pool.query([url], [filter], { timeoutMs: TIMEOUT_MS, signal });
      for (const wrap of wraps) take(wrap);
      const oldestS = wraps.at(-1)?.created_at; // newest first
      left.delete(url);
      // A second that fills a page by itself is passed over: it can't be told apart from a relay that repeats itself.
      const untilS = oldestS === filter.until && oldestS !== undefined ? oldestS - 1 : oldestS;
      if (untilS !== undefined && pages > 1 && !signal.aborted) {
        left.set(url, { filter: { ...filter, until: untilS }, pages: pages - 1 });
      }
    },
  };
}

const TIMEOUT_MS = 4_000;
const MAX_PAGES = 100;

export interface StoredWraps {
  begin: (relays: readonly string[], filter: Filter) => void;
  /** Does nothing when all has been read. Never rejects because of a relay. */
  readPage: (signal: AbortSignal) => Promise<void>;
}
