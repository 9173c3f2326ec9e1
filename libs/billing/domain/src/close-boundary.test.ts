import { replay } from './replay.js';
import { initialState } from './replay-state.js';
import { history, relayId, utc } from './testing/history.js';
import { tenant } from './testing/tenant.js';

test('a boundary renews every billable relay and cuts one cycle invoice', () => {
  const t = tenant();
  t.facts(
    { at: '2026-01-01' },
    { at: '2026-01-01', relay: 2, plan: 'growth' },
    { at: '2026-01-01', relay: 3, plan: 'free' },
    { at: '2026-01-01', relay: 4, status: 'inactive' },
  );
  expect(t.until('2026-01-31 23:59:59')).toEqual({ items: [], cuts: [] });
  expect(t.until('2026-02-01')).toEqual({ items: ['renewal 500', 'renewal 2500'], cuts: ['cycle:2026-02-01 3000'] });
  const bounds = { periodStartS: utc('2026-02-01'), periodEndS: utc('2026-03-01') };
  expect(t.state).toMatchObject({ periodIndex: 1, ...bounds });
});

test('a renewal belongs to the new period and to no activity', () => {
  const { items } = replay(initialState(), history([{ at: '2026-01-01' }]), { untilS: utc('2026-02-01') });
  expect(items[1]).toEqual({
    kind: 'renewal',
    relayId: relayId(1),
    planId: 'basic',
    amountCents: 500,
    activityId: null,
    periodStartS: utc('2026-02-01'),
    periodEndS: utc('2026-03-01'),
    atS: utc('2026-02-01'),
    description: 'basic: 2026-02-01 to 2026-03-01',
  });
});

test('what was unbilled comes with the cycle invoice, and credit is taken off it', () => {
  const t = tenant();
  t.facts({ at: '2026-01-01' });
  t.pay();
  t.addCredit(80);
  expect(t.until('2026-02-01').cuts).toEqual(['cycle:2026-02-01 420']);
  t.pay();
  t.addCredit(1200);
  expect(t.until('2026-04-01').cuts).toEqual([]);
  expect(t.until('2026-05-01').cuts).toEqual(['cycle:2026-05-01 300']);
});

test('with nothing billable the closing invoice is cut with the bounds of the ended period, then the anchor is cleared', () => {
  const facts = history([
    { at: '2026-01-01' },
    { at: '2026-01-10', relay: 2 },
    { at: '2026-01-20', status: 'inactive' },
    { at: '2026-01-20', relay: 2, status: 'inactive' },
  ]);
  const paid = replay(initialState(), facts.slice(0, 1), { untilS: 0 });
  const { cuts, state } = replay({ ...paid.state, openInvoices: [] }, facts.slice(1), { untilS: utc('2026-07-01') });
  expect(cuts).toEqual([]);
  expect(state.unbilledCents).toBe(-33);

  const unpaid = replay({ ...paid.state, openInvoices: [], unbilledCents: 300 }, facts.slice(1), {
    untilS: utc('2026-07-01'),
  });
  const bounds = { periodStartS: utc('2026-01-01'), periodEndS: utc('2026-02-01') };
  expect(unpaid.cuts).toEqual([
    { cause: `closing:${bounds.periodStartS}`, ...bounds, totalCents: 267, afterItems: 3, voids: null },
  ]);
  expect(unpaid.state).toMatchObject({ anchorS: null, periodIndex: 0, ...bounds, unbilledCents: 0 });
});

test('a relay that starts on the very boundary that cleared the anchor sets a new one there', () => {
  const t = tenant();
  t.facts({ at: '2026-01-31' });
  t.pay();
  t.facts({ at: '2026-02-10', status: 'inactive' });
  expect(t.facts({ at: '2026-02-28' }).cuts).toEqual(['cycle:2026-02-28 179']);
  expect(t.state).toMatchObject({ anchorS: utc('2026-02-28'), periodEndS: utc('2026-03-28') });
});

test('a relay started on the boundary second is charged in the new period, beside the cycle invoice', () => {
  const t = tenant();
  t.facts({ at: '2026-01-01' });
  expect(t.facts({ at: '2026-02-01', relay: 2 })).toEqual({
    items: ['renewal 500', 'charge 500'],
    cuts: ['cycle:2026-02-01 500'],
  });
});

test('an account idle for years has no boundaries, and its old sums do not come back', () => {
  const t = tenant();
  t.facts({ at: '2020-01-15' });
  t.pay();
  t.facts({ at: '2020-01-20', status: 'inactive' });
  expect(t.until('2026-01-01')).toEqual({ items: [], cuts: [] });
  expect(t.state.unbilledCents).toBe(-419);
  expect(t.facts({ at: '2026-01-01' })).toEqual({ items: ['charge 500'], cuts: ['cycle:2026-01-01 81'] });
});

describe('a relay that was not up at a boundary', () => {
  const start = { at: '2026-01-01', provisioned: false };

  test('gets the ended period back and is not renewed; alone, it leaves no anchor', () => {
    const t = tenant();
    t.facts(start);
    expect(t.until('2026-02-01')).toEqual({ items: ['wait_credit -500'], cuts: ['recut:cycle:2026-01-01 none'] });
    expect(t.until('2026-12-01')).toEqual({ items: [], cuts: [] });
    expect(t.state).toMatchObject({ anchorS: null, unbilledCents: 0 });
  });

  test('stays unbilled through updates, stops and starts until it answers, which sets a new anchor', () => {
    const t = tenant();
    t.facts(start);
    t.until('2026-02-01');
    const idle = t.facts(
      { at: '2026-02-02', plan: 'growth', provisioned: false },
      { at: '2026-02-03', status: 'inactive', provisioned: false },
      { at: '2026-02-04', provisioned: false },
    );
    expect(idle).toEqual({ items: [], cuts: [] });
    expect(t.facts({ at: '2026-02-05' })).toEqual({ items: ['charge 500'], cuts: ['cycle:2026-02-05 500'] });
  });

  test('is charged the rest of the period in which it answers, beside relays that ran on', () => {
    const t = tenant();
    t.facts({ at: '2026-01-01', relay: 2 }, start);
    expect(t.until('2026-02-01')).toEqual({
      items: ['wait_credit -500', 'renewal 500'],
      cuts: ['cycle:2026-02-01 500'],
    });
    expect(t.facts({ at: '2026-02-15' }).items).toEqual(['charge 250']);
    expect(t.until('2026-03-01').items).toEqual(['renewal 500', 'renewal 500']);
  });

  test('returns its period to the invoice that asked for it, before the next period is charged', () => {
    const t = tenant();
    t.facts({ at: '2026-01-01', relay: 2 });
    t.pay();
    t.facts({ ...start, plan: 'growth' });
    t.facts({ at: '2026-01-01', relay: 3 });
    t.pay();
    expect(t.open).toEqual([]);
    t.facts({ at: '2026-01-16 12:00:00', relay: 2, plan: 'growth' });
    expect(t.until('2026-02-01')).toEqual({
      items: ['wait_credit -2500', 'renewal 2500', 'renewal 500'],
      cuts: ['recut:interim:4 none', 'cycle:2026-02-01 2000'],
    });
  });
});
