import { manualClock } from '@caravel/domain';
import { createLogger } from '@caravel/service';
import { jest } from '@jest/globals';
import fc from 'fast-check';
import { rateWindows } from './rate-windows.js';
import type { RateCount, RateWindows, SharedCount, SharedCounts } from './rate-windows.js';

const log = createLogger({ service: 'test', level: 'silent' });
const START_S = 1_800_000_000;
let open: RateWindows[] = [];
/** Time for a batch to leave and to be answered. */
const aMoment = () => jest.advanceTimersByTimeAsync(25);
beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
  for (const windows of open) windows.close();
  open = [];
});

function start(shared?: SharedCounts) {
  const clock = manualClock(START_S);
  const windows = rateWindows({ clock, shared, log });
  open.push(windows);
  return { clock, windows, take: (points = 1, key = 'a') => windows.take(key, points, 10).isAllowed };
}

/** The store that several processes have in common. */
function fakeStore(): SharedCounts & { counts: Map<string, number>; batches: RateCount[][] } {
  const counts = new Map<string, number>();
  const batches: RateCount[][] = [];
  return {
    counts,
    batches,
    add: (added) => {
      batches.push([...added]);
      const answers = added.map(({ key, points }): SharedCount => {
        counts.set(key, (counts.get(key) ?? 0) + points);
        return { key, points: counts.get(key) ?? 0, resetsInMs: 30_000 };
      });
      return Promise.resolve(answers);
    },
  };
}

it('allows as many points as the limit says, then none until the window is over', () => {
  const { clock, windows } = start();
  const taken = Array.from({ length: 12 }, () => windows.take('a', 1, 10));
  expect(taken.map(({ isAllowed }) => isAllowed)).toEqual([...Array<boolean>(10).fill(true), false, false]);
  expect(taken.at(0)).toEqual({ isAllowed: true, remaining: 9, resetsInMs: 60_000 });
  expect(taken.at(-1)).toEqual({ isAllowed: false, remaining: 0, resetsInMs: 60_000 });
  clock.advance(59);
  expect(windows.take('a', 1, 10)).toEqual({ isAllowed: false, remaining: 0, resetsInMs: 1000 });
  clock.advance(1);
  expect(windows.take('a', 1, 10)).toEqual({ isAllowed: true, remaining: 9, resetsInMs: 60_000 });
});

it('counts each key for itself, and what does not fit not at all', () => {
  const { take } = start();
  expect([take(8, 'a'), take(5, 'a'), take(2, 'a'), take(1, 'a'), take(10, 'b')]).toEqual([
    true,
    false,
    true,
    false,
    true,
  ]);
});

it('never allows more than the limit within a window, whatever is asked for', () => {
  const asks = fc.array(fc.record({ key: fc.constantFrom('a', 'b'), points: fc.integer({ min: 1, max: 7 }) }));
  fc.assert(
    fc.property(asks, (all) => {
      const { take } = start();
      const sums: Record<string, number> = { a: 0, b: 0 };
      for (const { key, points } of all) if (take(points, key)) sums[key] = (sums[key] ?? 0) + points;
      expect(Math.max(...Object.values(sums))).toBeLessThanOrEqual(10);
    }),
  );
});

it('a clock that is set back does not lock anybody out for longer than a window', () => {
  const { clock, take } = start();
  expect(take(10)).toBe(true);
  clock.set(START_S - 86_400);
  expect(take(10)).toBe(true);
});

it('is bounded, and forgets the oldest first', () => {
  const { windows } = start();
  windows.take('first', 10, 10);
  for (let n = 0; n < 49_999; n += 1) windows.take(`other ${n}`, 10, 10);
  expect(windows.take('first', 1, 10).isAllowed).toBe(false);
  windows.take('one more', 10, 10);
  expect(windows.take('other 49998', 1, 10).isAllowed).toBe(false);
  expect(windows.take('first', 1, 10).isAllowed).toBe(true);
});

it('processes that share counts know of one another in a moment, in few batches', async () => {
  const store = fakeStore();
  const [one, two] = [start(store), start(store)];
  for (let n = 0; n < 6; n += 1) one.take();
  await aMoment();
  expect(two.take()).toBe(true);
  await aMoment();
  expect(two.windows.take('a', 0, 10)).toEqual({ isAllowed: true, remaining: 3, resetsInMs: 30_000 });
  expect([two.take(3), two.take()]).toEqual([true, false]);
  await aMoment();
  expect(store.batches).toEqual([[{ key: 'a', points: 6 }], [{ key: 'a', points: 1 }], [{ key: 'a', points: 3 }]]);
});

it('what was counted while a batch was on its way is neither lost nor counted twice', async () => {
  const store = fakeStore();
  let answer = (): void => undefined;
  const held: SharedCounts = {
    add: async (counts) => {
      const result = await store.add(counts);
      await new Promise<void>((resolve) => (answer = resolve));
      return result;
    },
  };
  const { take, windows } = start(held);
  take(2);
  await aMoment();
  take(3);
  await aMoment();
  expect(store.batches).toHaveLength(1);
  answer();
  await aMoment();
  expect(windows.take('a', 0, 10).remaining).toBe(5);
  answer();
  await aMoment();
  expect(windows.take('a', 0, 10).remaining).toBe(5);
  expect(store.counts.get('a')).toBe(5);
});

it.each<[string, () => Promise<never>]>([
  ['fails', () => Promise.reject(new Error('away'))],
  ['never answers', () => new Promise<never>(() => undefined)],
])('a store that %s changes nothing for this process, and is not asked by every request', async (_what, add) => {
  let asked = 0;
  const { take } = start({
    add: () => {
      asked += 1;
      return add();
    },
  });
  expect(take(5)).toBe(true);
  await aMoment();
  expect(take(4)).toBe(true);
  await aMoment();
  expect([take(1), take(1)]).toEqual([true, false]);
  expect(asked).toBeLessThanOrEqual(2);
});

it('a store that comes back is told what was counted since', async () => {
  const store = fakeStore();
  let isAway = true;
  const { take, windows } = start({
    add: (counts) => (isAway ? Promise.reject(new Error('away')) : store.add(counts)),
  });
  take(2);
  await aMoment();
  take(3);
  isAway = false;
  await jest.advanceTimersByTimeAsync(1000);
  take(1);
  await aMoment();
  expect(store.counts.get('a')).toBe(4);
  expect(windows.take('a', 0, 10).remaining).toBe(6);
});

it('a store that lost its counts costs a window at most', async () => {
  const store = fakeStore();
  const { take, windows } = start(store);
  take(9);
  await aMoment();
  store.counts.clear();
  take(1);
  await aMoment();
  expect(windows.take('a', 0, 10).remaining).toBe(9);
});
