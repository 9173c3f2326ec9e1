import type { NostrEvent } from '@caravel/nostr';

import { addressOf, DELETION, expirationS, tagValues } from './event-kinds.js';
import { matchesFilter, type RelayFilter } from './relay-filter.js';

/** Events in memory, with the replacing of NIP-01 and the deleting of NIP-09. Signatures are the caller's affair. */
export function eventStore(): EventStore {
  const events = new Map<string, NostrEvent>();
  const addresses = new Map<string, string>();
  const deletions: NostrEvent[] = [];

  function add(event: NostrEvent): Added {
    if (events.has(event.id)) return 'duplicate';
    if (deletions.some((deletion) => deletes(deletion, event))) return 'deleted';
    const address = addressOf(event);
    if (address !== undefined) {
      const current = events.get(addresses.get(address) ?? '');
      if (current && !replaces(event, current)) return 'replaced';
      if (current) events.delete(current.id);
      addresses.set(address, event.id);
    }
    if (event.kind === DELETION) deleteMatching(event);
    events.set(event.id, event);
    return 'stored';
  }

  function deleteMatching(deletion: NostrEvent): void {
    deletions.push(deletion);
    for (const event of events.values()) if (deletes(deletion, event)) events.delete(event.id);
  }

  /** Newest first, ties by id; `limit` counts per filter, then the union is sent without doubles. */
  function query(filters: readonly RelayFilter[], { nowS, maxLimit, visible }: QueryOptions): NostrEvent[] {
    const found = filters.flatMap((filter) =>
      candidates(filter)
        .filter((event) => matchesFilter(event, filter) && visible(event) && expirationS(event) > nowS)
        .sort(newestFirst)
        .slice(0, Math.min(filter.limit ?? maxLimit, maxLimit)),
    );
    return [...new Set(found)].sort(newestFirst);
  }

  function candidates({ ids }: RelayFilter): NostrEvent[] {
    return ids ? ids.flatMap((id) => events.get(id) ?? []) : [...events.values()];
  }

  return { add, query, all: () => [...events.values()] };
}

const newestFirst = (a: NostrEvent, b: NostrEvent): number =>
  b.created_at - a.created_at || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

/** NIP-01: the newer one stays; of the same second, the lower id. */
const replaces = (event: NostrEvent, current: NostrEvent): boolean => newestFirst(event, current) < 0;

/** NIP-09: own events only, never a deletion; an address counts up to the time of the deletion. */
function deletes(deletion: NostrEvent, event: NostrEvent): boolean {
  if (event.pubkey !== deletion.pubkey || event.kind === DELETION) return false;
  if (tagValues(deletion, 'e').includes(event.id)) return true;
  const address = addressOf(event);
  return address !== undefined && event.created_at <= deletion.created_at && tagValues(deletion, 'a').includes(address);
}

export interface EventStore {
  add(event: NostrEvent): Added;
  query(filters: readonly RelayFilter[], options: QueryOptions): NostrEvent[];
  all: () => NostrEvent[];
}

export type Added = 'stored' | 'duplicate' | 'replaced' | 'deleted';

interface QueryOptions {
  nowS: number;
  maxLimit: number;
  visible: (event: NostrEvent) => boolean;
}
