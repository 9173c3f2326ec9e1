import fc from 'fast-check';
import { everyEvent } from './every-event.js';
import type { StoredEvent } from './relay-reader.js';

/** A relay that answers at most `limit` events, counted before it hides what nobody may see, as zooid does. */
function relayOf(events: readonly StoredEvent[], { limit = 200, hides = () => false }: RelayOptions = {}) {
  const requests: object[] = [];
  // Of one second in no particular order: zooid sorts by time only.
  const stored = [...events].sort((a, b) => b.created_at - a.created_at || (a.sig < b.sig ? -1 : 1));
  const read: Parameters<typeof everyEvent>[0] = async function* (filter) {
    requests.push(filter);
    const matching = stored.filter(
      ({ created_at, kind, pubkey }) =>
        created_at <= (filter.until ?? Infinity) &&
        created_at >= (filter.since ?? 0) &&
        (filter.kinds?.includes(kind) ?? true) &&
        (filter.authors?.includes(pubkey) ?? true),
    );
    for (const event of matching.slice(0, Math.min(limit, filter.limit ?? limit))) {
      if (!hides(event)) yield await Promise.resolve(event);
    }
  };
  return { read, requests };
}
interface RelayOptions {
  limit?: number;
  hides?: (event: StoredEvent) => boolean;
}

let made = 0;
function eventAt(created_at: number, { kind = 1, pubkey = 'alice' } = {}): StoredEvent {
  made += 1;
  const sig = String((made * 7919) % 100_003);
  return { id: `id-${made}`, pubkey, created_at, kind, tags: [], content: '', sig };
}
const many = (count: number, make: (index: number) => StoredEvent) => Array.from({ length: count }, (_, i) => make(i));

async function idsOf(read: ReturnType<typeof relayOf>['read'], options = {}): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id } of everyEvent(read, { untilS: 2_000_000, ...options })) ids.push(id);
  return ids;
}
const sorted = (events: readonly StoredEvent[]) => events.map(({ id }) => id).sort();

it('reads everything once, however the events lie in time', async () => {
  const seconds = fc.array(fc.tuple(fc.integer({ min: 0, max: 1_999_999 }), fc.integer({ min: 1, max: 90 })), {
    maxLength: 40,
  });
  await fc.assert(
    fc.asyncProperty(seconds, async (groups) => {
      const events = groups.flatMap(([atS, count]) => many(count, () => eventAt(atS)));
      expect((await idsOf(relayOf(events, { limit: 5000 }).read)).sort()).toEqual(sorted(events));
    }),
    { numRuns: 30 },
  );
});

it('reads everything once when pages end in the middle of a second', async () => {
  const events = many(5000, (index) => eventAt(1000 + Math.floor(index / 37)));
  expect((await idsOf(relayOf(events).read)).sort()).toEqual(sorted(events));
});

it('takes a second apart that has more events than one answer: by kind, then by author', async () => {
  const events = [
    ...many(300, (index) => eventAt(5000, { kind: index % 2 ? 1 : 30_023 })),
    ...many(900, (index) => eventAt(5000, { kind: 9, pubkey: `author-${index % 40}` })),
    ...many(50, (index) => eventAt(4000 - index)),
  ];
  const authors = many(40, () => eventAt(1)).map((_, index) => `author-${index}`);
  expect((await idsOf(relayOf(events).read, { authors })).sort()).toEqual(sorted(events));
});

it('says of which second it can not be sure, and reads on', async () => {
  const crowd = many(500, () => eventAt(5000));
  const older = many(10, () => eventAt(4000));
  const unsure: unknown[] = [];
  const ids = await idsOf(relayOf([...crowd, ...older]).read, { onUnsure: (second: unknown) => unsure.push(second) });
  expect(unsure).toEqual([{ atS: 5000, kind: 1 }]);
  expect(ids).toHaveLength(210);
});

it('gets past pages of which everything is hidden', async () => {
  const hidden = many(1000, (index) => eventAt(900_000 - index, { kind: 30_390 }));
  const events = [...many(30, (index) => eventAt(910_000 + index)), ...many(30, (index) => eventAt(500_000 - index))];
  const relay = relayOf([...hidden, ...events], { hides: ({ kind }) => kind === 30_390 });
  expect((await idsOf(relay.read)).sort()).toEqual(sorted(events));
});

it('skips nothing when an event with an old date is published while a page is read', async () => {
  const events = many(1000, (index) => eventAt(100_000 + index));
  const old = eventAt(50);
  const { read } = relayOf(events);
  let asked = 0;
  const interrupted: typeof read = async function* (filter) {
    asked += 1;
    yield* read(filter);
    if (asked === 1) yield old;
  };
  expect((await idsOf(interrupted)).sort()).toEqual(sorted([...events, old]));
});

it('asks an empty relay a few dozen times', async () => {
  const relay = relayOf([]);
  expect(await idsOf(relay.read, { untilS: 1_800_000_000 })).toEqual([]);
  expect(relay.requests.length).toBeLessThan(40);
});
