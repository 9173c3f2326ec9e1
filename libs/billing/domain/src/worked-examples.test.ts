import { draftOf } from './draft.js';
import { replay } from './replay.js';
import { initialState } from './replay-state.js';
import { history, utc } from './testing/history.js';
import { itemLines, stepLines } from './testing/summary.js';
import { tenant } from './testing/tenant.js';

// January 2026 has 31 days: half of it is 16 Jan 12:00. basic is 500 cents a month, growth 2500.

test('H1: basic from 31 Jan runs on → 500 at 31 Jan, 28 Feb, 31 Mar, 30 Apr', () => {
  const { cuts } = replay(initialState(), history([{ at: '2026-01-31' }]), { untilS: utc('2026-04-30') });
  const days = ['2026-01-31', '2026-02-28', '2026-03-31', '2026-04-30'];
  expect(stepLines(cuts)).toEqual(days.map((day) => `cycle:${day} 500`));
});

test('H2: basic 1 Jan without a method, deactivated after 1 h → 1 cent stays, and nothing is asked for', () => {
  const t = tenant();
  t.facts({ at: '2026-01-01' });
  expect(t.facts({ at: '2026-01-01 01:00:00', status: 'inactive' })).toEqual({
    items: ['credit -499'],
    cuts: ['recut:cycle:2026-01-01 none'],
  });
  expect(t.open).toEqual([]);
  expect(t.until('2026-06-01')).toEqual({ items: [], cuts: [] });
  expect(t.state.unbilledCents).toBe(1);
});

test('H3: growth 1 Jan never paid, delinquent 8 Jan → recut to 565', () => {
  const t = tenant();
  t.facts({ at: '2026-01-01', plan: 'growth' });
  const delinquent = t.facts({ at: '2026-01-08', plan: 'growth', status: 'delinquent' });
  expect(delinquent).toEqual({ items: ['credit -1935'], cuts: ['recut:cycle:2026-01-01 565'] });
  expect(t.until('2026-04-08')).toEqual({ items: [], cuts: [] });
  expect(t.state).toMatchObject({ anchorS: null, unbilledCents: 0 });
});

test('H5: basic stopped for one second 500 times in the month → 500', () => {
  const startS = utc('2026-01-01');
  const stops = Array.from({ length: 500 }, (_, n) => [
    { at: startS + n * 5000 + 100, status: 'inactive' as const },
    { at: startS + n * 5000 + 101 },
  ]);
  const facts = history([{ at: startS }, ...stops.flat()]);
  const { items } = replay(initialState(), facts, { untilS: utc('2026-01-31') });
  expect(items.reduce((sum, { amountCents }) => sum + amountCents, 0)).toBe(500);
});

test('H6: basic 1 Jan, growth at half time → +1000, an interim invoice at once', () => {
  const t = tenant();
  t.facts({ at: '2026-01-01' });
  expect(t.facts({ at: '2026-01-16 12:00:00', plan: 'growth' })).toEqual({
    items: ['credit -250', 'charge 1250'],
    cuts: ['interim:2 1000'],
  });
});

test('H6b: growth a minute later, paid, all off before 1 Feb → the rest is a credit that is carried without anchor', () => {
  const t = tenant();
  t.facts({ at: '2026-01-01' });
  t.pay();
  expect(t.facts({ at: '2026-01-01 00:01:00', plan: 'growth' }).cuts).toEqual(['interim:2 2000']);
  t.pay();
  t.facts({ at: '2026-01-16 12:00:00', plan: 'growth', status: 'inactive' });
  expect(t.until('2026-02-01')).toEqual({ items: [], cuts: [] });
  expect(t.state).toMatchObject({ anchorS: null, unbilledCents: -1250 });
  expect(draftOf(t.state)).toBeNull();
});

test('H7, pure part: boundaries missed during an outage are closed one after another with the items of each', () => {
  const t = tenant();
  t.facts({ at: '2025-12-31' });
  const late = t.facts({ at: '2026-03-02', relay: 2 });
  expect(late).toEqual({
    items: ['renewal 500', 'renewal 500', 'charge 468'],
    cuts: ['cycle:2026-01-31 500', 'cycle:2026-02-28 500'],
  });
});

test('H9: a second basic 10 s after the first → 500 unbilled, which come with the next invoice', () => {
  const t = tenant();
  t.facts({ at: '2026-01-01' });
  expect(t.facts({ at: '2026-01-01 00:00:10', relay: 2 })).toEqual({ items: ['charge 500'], cuts: [] });
  expect(t.until('2026-02-01').cuts).toEqual(['cycle:2026-02-01 1500']);
});

test("H10: one cent left and no anchor → carried, drafted with the last period's bounds", () => {
  const t = tenant();
  t.facts({ at: '2026-01-01' }, { at: '2026-01-01 01:00:00', status: 'inactive' });
  t.until('2026-02-01');
  expect(t.state.anchorS).toBeNull();
  const bounds = { periodStartS: utc('2026-01-01'), periodEndS: utc('2026-02-01') };
  expect(draftOf(t.state)).toEqual({ amountCents: 1, ...bounds });
  expect(t.facts({ at: '2026-05-05' }).cuts).toEqual(['cycle:2026-05-05 501']);
});

test('H13: zooid down for 3 days after creation → the wait is credited', () => {
  const t = tenant();
  t.facts({ at: '2026-01-01', provisioned: false });
  expect(t.facts({ at: '2026-01-04' })).toEqual({
    items: ['wait_credit -48'],
    cuts: ['recut:cycle:2026-01-01 452'],
  });
});

test('H14, pure part: delinquent 8 Jan, restored by paying on 10 Feb → 113, then a new month', () => {
  const t = tenant();
  t.facts({ at: '2026-01-01' });
  t.facts({ at: '2026-01-08', status: 'delinquent' });
  t.until('2026-02-01');
  expect(t.open).toEqual(['recut:cycle:2026-01-01 113']);
  t.pay();
  expect(t.facts({ at: '2026-02-10' })).toEqual({ items: ['charge 500'], cuts: ['cycle:2026-02-10 500'] });
  expect(t.until('2026-03-10').cuts).toEqual(['cycle:2026-03-10 500']);
});

test('H15: paid, downgraded to free at half time, a new basic on 5 Mar → 250', () => {
  const t = tenant();
  t.facts({ at: '2026-01-01' });
  t.pay();
  t.facts({ at: '2026-01-16 12:00:00', plan: 'free' });
  expect(t.until('2026-03-01')).toEqual({ items: [], cuts: [] });
  expect(t.facts({ at: '2026-03-05', relay: 2 }).cuts).toEqual(['cycle:2026-03-05 250']);
});

test('H16: changes of one second count in order of seq, and a boundary on that second comes first', () => {
  const facts = history([
    { at: '2026-01-01' },
    { at: '2026-02-01', plan: 'growth' },
    { at: '2026-02-01', plan: 'growth', status: 'inactive' },
  ]);
  const { items, cuts } = replay(initialState(), facts, { untilS: utc('2026-02-01') });
  expect(itemLines(items)).toEqual(['charge 500', 'renewal 500', 'credit -500', 'charge 2500', 'credit -2500']);
  expect(stepLines(cuts)).toEqual([
    'cycle:2026-01-01 500',
    'cycle:2026-02-01 500',
    'interim:2 2000',
    'recut:interim:2 none',
    'recut:cycle:2026-02-01 none',
  ]);
});
