import type { NostrEvent } from './events.js';

/** What a subscription asks for (NIP-01): all given fields must fit, one of each list. Times in unix seconds, inclusive. */
export interface Filter {
  ids?: string[];
  authors?: string[];
  kinds?: number[];
  since?: number;
  until?: number;
  limit?: number;
  [tag: `#${string}`]: string[] | undefined;
}

/** True when `event` fits at least one filter. `limit` is up to the relay. */
export function matchesFilters(filters: readonly Filter[], event: NostrEvent): boolean {
  return filters.some((filter) => matchesFilter(filter, event));
}

/** True when `event` fits every field of `filter`. */
export function matchesFilter(filter: Filter, event: NostrEvent): boolean {
  if (filter.ids && !filter.ids.includes(event.id)) return false;
  if (filter.authors && !filter.authors.includes(event.pubkey)) return false;
  if (filter.kinds && !filter.kinds.includes(event.kind)) return false;
  if (filter.since !== undefined && event.created_at < filter.since) return false;
  if (filter.until !== undefined && event.created_at > filter.until) return false;
  return Object.entries(filter).every(
    ([key, wanted]) => !key.startsWith('#') || matchesTag(event, key.slice(1), wanted),
  );
}

function matchesTag(event: NostrEvent, name: string, wanted: unknown): boolean {
  if (!Array.isArray(wanted)) return wanted === undefined;
  return event.tags.some((tag) => tag[0] === name && wanted.includes(tag[1]));
}
