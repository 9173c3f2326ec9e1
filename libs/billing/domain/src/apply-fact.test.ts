import { replay } from './replay.js';
import { initialState } from './replay-state.js';
import { history, relayId, utc } from './testing/history.js';
import type { Line } from './testing/history.js';
import { itemLines, stepLines } from './testing/summary.js';
import { tenant } from './testing/tenant.js';

const HALF_JANUARY = '2026-01-16 12:00:00';

test('the first paid active relay sets the anchor, is charged a month, and its cycle invoice follows directly', () => {
  const facts = history([
    { at: '2026-01-01', plan: 'free' },
    { at: '2026-01-10 08:30:00', relay: 2 },
    { at: '2026-01-11', relay: 3 },
  ]);
  const { items, cuts, state } = replay(initialState(), facts, { untilS: utc('2026-01-11') });
  const bounds = { periodStartS: utc('2026-01-10 08:30:00'), periodEndS: utc('2026-02-10 08:30:00') };
  expect(state).toMatchObject({ anchorS: bounds.periodStartS, periodIndex: 0, ...bounds });
  expect(cuts).toEqual([
    { cause: `cycle:${bounds.periodStartS}`, ...bounds, totalCents: 500, afterItems: 1, voids: null },
  ]);
  expect(items[0]).toEqual({
    kind: 'charge',
    relayId: relayId(2),
    planId: 'basic',
    amountCents: 500,
    activityId: facts[1]?.activityId,
    ...bounds,
    atS: bounds.periodStartS,
    description: 'basic: 2026-01-10 to 2026-02-10',
  });
});

test.each<[string, Omit<Line, 'at'>]>([
  ['free', { plan: 'free' }],
  ['inactive', { status: 'inactive' }],
  ['delinquent', { status: 'delinquent' }],
])('a relay that is %s sets no anchor and costs nothing', (_, line) => {
  const t = tenant();
  expect(t.facts({ at: '2026-01-01', ...line })).toEqual({ items: [], cuts: [] });
  expect(t.until('2028-01-01')).toEqual({ items: [], cuts: [] });
  expect(t.state).toMatchObject({ anchorS: null, periodStartS: null });
});

test('ceasing credits the rest of the period and coming back charges it again, in the plan of each', () => {
  const facts = history([
    { at: '2026-01-01', plan: 'growth' },
    { at: '2026-01-11', plan: 'growth', status: 'inactive' },
    { at: HALF_JANUARY },
  ]);
  const { items } = replay(initialState(), facts, { untilS: utc(HALF_JANUARY) });
  expect(items.map(({ planId, amountCents }) => [planId, amountCents])).toEqual([
    ['growth', 2500],
    ['growth', -1694],
    ['basic', 250],
  ]);
});

test('a plan change credits the old plan and charges the new one, also at the same price', () => {
  const t = tenant();
  t.facts({ at: '2026-01-01' });
  expect(t.facts({ at: HALF_JANUARY, plan: 'growth', amountCents: 500 }).items).toEqual(['credit -250', 'charge 250']);
});

test('another amount under the same plan id is another price', () => {
  const t = tenant();
  t.facts({ at: '2026-01-01' });
  expect(t.facts({ at: HALF_JANUARY, amountCents: 700 }).items).toEqual(['credit -250', 'charge 350']);
});

test('a fact that changes no price writes nothing and cuts nothing, however much is unbilled', () => {
  const t = tenant();
  t.facts({ at: '2026-01-01' });
  t.addCredit(-5000);
  expect(t.facts({ at: '2026-01-02' })).toEqual({ items: [], cuts: [] });
});

test('start and stop within one second cost nothing', () => {
  const t = tenant();
  expect(t.facts({ at: '2026-01-01' }, { at: '2026-01-01', status: 'inactive' })).toEqual({
    items: ['charge 500', 'credit -500'],
    cuts: ['cycle:2026-01-01 500', 'recut:cycle:2026-01-01 none'],
  });
});

test('a change that leaves the limit unbilled is invoiced at once, and one cent less is not', () => {
  const interim = (amountCents: number, interimCents: number): string[] => {
    const facts = history([{ at: '2026-01-01' }, { at: '2026-01-01', relay: 2, amountCents }]);
    return stepLines(replay(initialState(), facts, { untilS: utc('2026-01-01'), interimCents }).cuts.slice(1));
  };
  expect(interim(999, 1000)).toEqual([]);
  expect(interim(1000, 1000)).toEqual(['interim:2 1000']);
  expect(interim(49, 0)).toEqual([]);
  expect(interim(50, 0)).toEqual(['interim:2 50']);
});

test('the fact that sets the anchor cuts only the cycle invoice, and a first month under 50 cents cuts none', () => {
  const t = tenant();
  expect(t.facts({ at: '2026-01-01', plan: 'huge' }).cuts).toEqual(['cycle:2026-01-01 1234567']);
  const small = tenant();
  expect(small.facts({ at: '2026-01-01', plan: 'cheap' }).cuts).toEqual([]);
  expect(small.until('2026-02-01').cuts).toEqual(['cycle:2026-02-01 60']);
});

describe('a relay that is slow to come up', () => {
  const created = { at: '2026-01-01', provisioned: false };

  test('is charged in full when it answers within 60 s', () => {
    const t = tenant();
    t.facts(created);
    expect(t.facts({ at: '2026-01-01 00:01:00' })).toEqual({ items: [], cuts: [] });
  });

  test('is credited the whole wait when the first answer comes later, and only the first', () => {
    const t = tenant();
    t.facts({ ...created, plan: 'huge' });
    expect(t.facts({ at: '2026-01-01 00:01:01', plan: 'huge' }).items).toEqual(['wait_credit -28']);
    expect(t.facts({ at: '2026-01-05', plan: 'huge', provisioned: false }).items).toEqual([]);
    expect(t.facts({ at: '2026-01-06', plan: 'huge' }).items).toEqual([]);
  });

  test('costs nothing when it stops or goes free before it was ever up', () => {
    const t = tenant();
    t.facts(created);
    expect(t.facts({ at: HALF_JANUARY, provisioned: false, status: 'inactive' }).items).toEqual(['credit -500']);
    t.facts({ at: '2026-01-20', provisioned: false, relay: 2 });
    expect(t.facts({ at: '2026-01-25', provisioned: false, relay: 2, plan: 'free' }).items).toEqual(['credit -194']);
    expect(t.state.unbilledCents).toBe(0);
  });

  test('pays for the time after its first answer, whatever changed before', () => {
    const t = tenant();
    t.facts(created, { at: '2026-01-05', provisioned: false, plan: 'growth' });
    expect(t.facts({ at: HALF_JANUARY, plan: 'growth' }).items).toEqual(['wait_credit -992']);
    expect(t.open).toEqual(['cycle:2026-01-01 500', 'recut:interim:2 750']);
  });

  test('may come up with a new plan in the same fact: wait, credit and charge', () => {
    const t = tenant();
    t.facts(created);
    expect(t.facts({ at: HALF_JANUARY, plan: 'growth' }).items).toEqual([
      'wait_credit -250',
      'credit -250',
      'charge 1250',
    ]);
  });

  test('counts as created with its first fact, also when that was free', () => {
    const t = tenant();
    t.facts({ ...created, plan: 'free' }, { at: '2026-01-02', plan: 'huge', provisioned: false });
    expect(t.facts({ at: '2026-01-02 00:00:30', plan: 'huge' }).items).toEqual(['wait_credit -14']);
  });
});

test('a fact dated before a closed boundary counts from that boundary', () => {
  const t = tenant();
  t.facts({ at: '2026-01-01' });
  t.until('2026-02-01');
  expect(t.facts({ at: '2026-01-31 23:59:59', relay: 2 }).items).toEqual(['charge 500']);
  t.facts({ at: '2026-02-02', status: 'inactive' }, { at: '2026-02-02', relay: 2, status: 'inactive' });
  t.until('2026-03-01');
  t.facts({ at: '2026-02-28' });
  expect(t.state.anchorS).toBe(utc('2026-03-01'));
});

test('items name their plan and time in words', () => {
  const facts = history([
    { at: '2026-01-01', provisioned: false },
    { at: '2026-01-04' },
    { at: '2026-01-09', status: 'inactive' },
    { at: '2026-01-10', relay: 2, provisioned: false },
    { at: '2026-01-11', relay: 2, provisioned: false, status: 'inactive' },
  ]);
  const { items } = replay(initialState(), facts, { untilS: utc('2026-01-11') });
  expect(items.map(({ description }) => description)).toEqual([
    'basic: 2026-01-01 to 2026-02-01',
    'basic: the time before the relay was up',
    'basic: unused 2026-01-09 to 2026-02-01',
    'basic: 2026-01-10 to 2026-02-01',
    'basic: the relay was never up',
  ]);
  expect(itemLines(items)).toEqual(['charge 500', 'wait_credit -48', 'credit -371', 'charge 355', 'credit -355']);
});
