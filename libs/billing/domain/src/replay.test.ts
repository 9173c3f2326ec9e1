import { DEFAULT_INTERIM_CENTS, replay } from './replay.js';
import { initialState } from './replay-state.js';
import type { ReplayState } from './replay-state.js';
import { history, utc } from './testing/history.js';

const busy = history([
  { at: '2026-01-01', provisioned: false },
  { at: '2026-01-05', relay: 2, plan: 'growth' },
  { at: '2026-01-09', relay: 2, plan: 'growth', status: 'inactive' },
  { at: '2026-02-03', relay: 2 },
]);
const untilS = utc('2026-03-15');

test('the same call gives the same answer and leaves the state it was given as it was', () => {
  const start = replay(initialState(), busy.slice(0, 2), { untilS: utc('2026-01-05') }).state;
  const copy = structuredClone(start);
  const first = replay(start, busy.slice(2), { untilS });
  expect(start).toEqual(copy);
  expect(replay(deepFreeze(start), busy.slice(2), { untilS })).toEqual(first);
});

test('a second call without facts adds nothing', () => {
  const { state } = replay(initialState(), busy, { untilS });
  expect(replay(state, [], { untilS })).toEqual({ items: [], cuts: [], state });
});

test('a tenant without history owes nothing, ever', () => {
  expect(replay(initialState(), [], { untilS })).toEqual({ items: [], cuts: [], state: initialState() });
});

test('a fact later than `untilS` is replayed all the same', () => {
  expect(replay(initialState(), busy, { untilS: 0 }).items.at(-1)?.atS).toBe(utc('2026-02-03'));
});

test('refuses facts out of order or twice', () => {
  expect(() => replay(initialState(), [...busy].reverse(), { untilS })).toThrow(RangeError);
  expect(() =>
    replay(
      initialState(),
      busy.flatMap((fact) => [fact, fact]),
      { untilS },
    ),
  ).toThrow(RangeError);
});

test('the interim limit is ten dollars unless told otherwise', () => {
  const told = replay(initialState(), busy, { untilS, interimCents: DEFAULT_INTERIM_CENTS });
  expect(DEFAULT_INTERIM_CENTS).toBe(1000);
  expect(replay(initialState(), busy, { untilS })).toEqual(told);
});

test('work grows with facts, and with boundaries times relays, not with their squares', () => {
  const relays = Array.from({ length: 200 }, (_, n) => ({ at: '2026-01-01', relay: n + 1 }));
  const { items } = replay(initialState(), history(relays), { untilS: utc('2036-01-01') });
  expect(items).toHaveLength(200 * (1 + 120));
});

function deepFreeze(state: ReplayState): ReplayState {
  for (const account of state.relays.values()) Object.freeze(account);
  for (const invoice of state.openInvoices) Object.freeze(invoice);
  Object.freeze(state.openInvoices);
  return Object.freeze(state);
}
