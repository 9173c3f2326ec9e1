import type { Filter } from '@caravel/nostr';
import type { StoredEvent } from './relay-reader.js';

/**
 * One second that has more events than the relay answers at once: asked for by kind, halving the kinds until the answers are
 * small, then by author. Authors of whom nobody knows stay unseen; the second is reported as unsure then.
 */
export async function* crowdedSecond(read: Read, second: CrowdedSecond): AsyncGenerator<StoredEvent> {
  for (const kinds of STORED_KINDS) yield* ofKinds(read, second, kinds);
}

async function* ofKinds(read: Read, second: CrowdedSecond, [from, to]: Range): AsyncGenerator<StoredEvent> {
  const page = freshEvents(read, second, { kinds: rangeOf(from, to) });
  yield* page.events();
  if (page.count() < CROWD) return;
  if (from < to) {
    const middle = Math.floor((from + to) / 2);
    yield* ofKinds(read, second, [from, middle]);
    yield* ofKinds(read, second, [middle + 1, to]);
    return;
  }
  const authors = [...new Set([...page.authors(), ...(second.authors ?? [])])];
  yield* ofAuthors(read, second, { kind: from, authors });
  second.onUnsure?.({ atS: second.atS, kind: from });
}

async function* ofAuthors(read: Read, second: CrowdedSecond, { kind, authors }: Crowd): AsyncGenerator<StoredEvent> {
  for (let start = 0; start < authors.length; start += MAX_AUTHORS) {
    const some = authors.slice(start, start + MAX_AUTHORS);
    const page = freshEvents(read, second, { kinds: [kind], authors: some });
    yield* page.events();
    if (page.count() < CROWD || some.length === 1) continue;
    const half = Math.ceil(some.length / 2);
    yield* ofAuthors(read, second, { kind, authors: some.slice(0, half) });
    yield* ofAuthors(read, second, { kind, authors: some.slice(half) });
  }
}

function freshEvents(read: Read, { atS, known }: CrowdedSecond, filter: Filter) {
  const authors = new Set<string>();
  let count = 0;
  return {
    count: () => count,
    authors: () => authors,
    events: async function* (): AsyncGenerator<StoredEvent> {
      for await (const event of read({ ...filter, since: atS, until: atS, limit: 1000 })) {
        if (event.created_at !== atS) continue; // not asked for
        count += 1;
        authors.add(event.pubkey);
        if (known.has(event.id)) continue;
        known.set(event.id, atS);
        yield event;
      }
    },
  };
}

const rangeOf = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);

/** From this many events on an answer may not have been all of it; no relay's limit is lower. */
export const CROWD = 100;

/** All that are stored; 20000 to 29999 are ephemeral. No list so long that a relay can't take it (SQLite: 32,766). */
const STORED_KINDS: readonly Range[] = [
  [0, 9_999],
  [10_000, 19_999],
  [30_000, 39_999],
  [40_000, 65_535],
];
const MAX_AUTHORS = 256;

export type Read = (filter: Filter) => AsyncIterable<StoredEvent>;

/** Unix seconds. */
export interface UnsureSecond {
  atS: number;
  kind: number;
}

type Range = [from: number, to: number];

interface Crowd {
  kind: number;
  authors: readonly string[];
}

interface CrowdedSecond {
  atS: number;
  /** Ids that were yielded, with their seconds; grows. */
  known: Map<string, number>;
  authors?: readonly string[] | undefined;
  onUnsure?: ((second: UnsureSecond) => void) | undefined;
}
