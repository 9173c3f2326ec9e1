import fc from 'fast-check';
import { compareEvents } from './compare-events.js';
import { isRenewed } from './is-renewed.js';
import type { MovedEvent } from './move-ports.js';

const event = (id: string, created_at: number, changes: Partial<MovedEvent> = {}): MovedEvent => ({
  ...{ id, created_at, pubkey: 'p', kind: 1, tags: [] },
  ...changes,
});
const streamOf = (events: readonly MovedEvent[], onEnd = (): void => undefined) =>
  (async function* () {
    try {
      for (const one of events) yield await Promise.resolve(one);
    } finally {
      onEnd();
    }
  })();
const idsOf = (events: readonly MovedEvent[]) => events.map(({ id }) => id).sort();

// Few seconds, so that many events share one.
const relay = fc
  .uniqueArray(fc.nat(60), { maxLength: 40 })
  .map((numbers) => numbers.map((number) => event(`e${number}`, number % 7)));
const newestFirst = (events: readonly MovedEvent[]) => events.toSorted((a, b) => b.created_at - a.created_at);

it('finds what is on one side only, in the order of relays and in any other', async () => {
  await fc.assert(
    fc.asyncProperty(relay, relay, fc.boolean(), async (one, other, ordered) => {
      const [source, target] = ordered ? [newestFirst(one), newestFirst(other)] : [one, other];
      const { missing, extra } = await compareEvents(streamOf(source), streamOf(target));
      const without = (left: readonly MovedEvent[], right: readonly MovedEvent[]) =>
        idsOf(left).filter((id) => !idsOf(right).includes(id));
      expect([idsOf(missing), idsOf(extra)]).toEqual([without(one, other), without(other, one)]);
    }),
  );
});

it('ends both sides, also when one of them breaks off', async () => {
  const ended: string[] = [];
  const source = streamOf([event('a', 2), event('b', 1)], () => void ended.push('source'));
  const broken = streamOf([event('a', 2)], () => {
    ended.push('target');
    throw new Error('cut off');
  });
  await expect(compareEvents(source, broken)).rejects.toThrow('cut off');
  expect(ended.sort()).toEqual(['source', 'target']);
});

it('ends where too much is missing, so that it holds little of that', async () => {
  const many = Array.from({ length: 50 }, (_, index) => event(`e${index}`, 100 - index));
  const { missing } = await compareEvents(streamOf(many), streamOf([]), { most: 7 });
  expect(missing).toHaveLength(7);
});

describe('an event may rightly be missing', () => {
  const nowS = 1000;
  const versions = (kind: number, tags: string[][] = []) => event('x', 1, { kind, tags });
  it.each<{ which: string; missing: MovedEvent; others?: MovedEvent[]; rightly: boolean }>([
    { which: 'that has expired', missing: versions(1, [['expiration', '1000']]), rightly: true },
    { which: 'that has not', missing: versions(1, [['expiration', '1001']]), rightly: false },
    {
      which: 'with a newer version',
      missing: versions(13_534),
      others: [event('y', 2, { kind: 13_534 })],
      rightly: true,
    },
    {
      which: 'with an older one',
      missing: versions(13_534),
      others: [event('y', 0, { kind: 13_534 })],
      rightly: false,
    },
    {
      which: 'of another author',
      missing: versions(0),
      others: [event('y', 2, { kind: 0, pubkey: 'q' })],
      rightly: false,
    },
    { which: 'of a kind that is kept', missing: versions(1), others: [event('y', 2)], rightly: false },
    {
      which: 'with the same address',
      missing: versions(39_000, [['d', 'a']]),
      others: [event('y', 2, { kind: 39_000, tags: [['d', 'a']] })],
      rightly: true,
    },
    {
      which: 'with another address',
      missing: versions(39_000, [['d', 'a']]),
      others: [event('y', 2, { kind: 39_000, tags: [['d', 'b']] })],
      rightly: false,
    },
  ])('one $which: $rightly', ({ missing, others = [], rightly }) => {
    expect(isRenewed(missing, others, nowS)).toBe(rightly);
  });
});
