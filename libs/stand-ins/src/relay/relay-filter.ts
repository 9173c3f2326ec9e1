import type { NostrEvent } from '@caravel/nostr';
import { z } from 'zod';

const hex64 = z.array(z.string().regex(/^[0-9a-f]{64}$/, '64 lower-case hex digits'));

/** A filter of NIP-01, strictly: keys nobody defined and ids that can't be ids are refused, not ignored. */
export const filterSchema: z.ZodType<RelayFilter> = z
  .strictObject({
    ids: hex64.optional(),
    authors: hex64.optional(),
    kinds: z.array(z.int().min(0).max(65_535)).optional(),
    since: z.int().nonnegative().optional(),
    until: z.int().nonnegative().optional(),
    limit: z.int().nonnegative().optional(),
  })
  .catchall(z.array(z.string()))
  .refine(
    (filter) => Object.keys(filter).every((key) => KEYS.has(key) || /^#[a-zA-Z]$/.test(key)),
    'unknown filter key',
  );

export interface RelayFilter {
  ids?: string[] | undefined;
  authors?: string[] | undefined;
  kinds?: number[] | undefined;
  since?: number | undefined;
  until?: number | undefined;
  limit?: number | undefined;
  [tag: `#${string}`]: string[] | undefined;
}

/** Everything but `limit`. A list in the filter means "one of"; an empty list matches nothing. */
export function matchesFilter(event: NostrEvent, filter: RelayFilter): boolean {
  if (filter.ids && !filter.ids.includes(event.id)) return false;
  if (filter.authors && !filter.authors.includes(event.pubkey)) return false;
  if (filter.kinds && !filter.kinds.includes(event.kind)) return false;
  if (filter.since !== undefined && event.created_at < filter.since) return false;
  if (filter.until !== undefined && event.created_at > filter.until) return false;
  return tagFilters(filter).every(([name, values]) =>
    event.tags.some(([tag, value]) => tag === name && value !== undefined && values.includes(value)),
  );
}

/** `#p` and the like, without the `#`. */
function tagFilters(filter: RelayFilter): [name: string, values: readonly string[]][] {
  return Object.entries(filter).flatMap(([key, value]) =>
    key.startsWith('#') ? [[key.slice(1), value as readonly string[]]] : [],
  );
}

const KEYS = new Set(['ids', 'authors', 'kinds', 'since', 'until', 'limit']);
