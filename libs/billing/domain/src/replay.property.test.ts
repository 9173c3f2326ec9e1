import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Cut } from './cut.js';
import type { BillingFact } from './fact.js';
import type { Item } from './item.js';
import { replay } from './replay.js';
import { initialState } from './replay-state.js';
import type { ReplayState } from './replay-state.js';
import { keepBooks } from './testing/books.js';
import { history, utc } from './testing/history.js';
import { oracle } from './testing/oracle.js';
import type { OracleResult } from './testing/oracle.js';
import { randomHistory } from './testing/random-history.js';
import type { RandomHistory } from './testing/random-history.js';

const HISTORIES = Number(process.env['HISTORIES'] ?? 100_000);
const SEED = Number(process.env['SEED'] ?? Date.now() % 2 ** 31);
const LONG_MS = 600_000;

test(
  'any history: exact prices, honest invoices, whenever billing wakes',
  () => {
    const property = fc.property(randomHistory, (random) => {
      const untilS = random.wakesS.at(-1) ?? 0;
      const whole = replay(initialState(), random.facts, { untilS });
      const truth = oracle(random.facts, untilS);
      checkPrices(whole.items, truth);
      checkItems(whole.items);
      checkCuts(whole.cuts, whole.items);
      checkBooks(whole);
      checkWakes(random, truth, whole);
    });
    run('history', property, HISTORIES);
  },
  LONG_MS,
);

test(
  'a tenant who pays some invoices while others are being collected: no cent is lost, and credit waits only for attempts',
  () => {
    const luck = fc.infiniteStream(fc.nat(9));
    const property = fc.property(randomHistory, luck, ({ facts }, stream) => {
      let state = initialState();
      let [paidCents, itemCents] = [0, 0];
      for (const fact of facts) {
        const before = new Map(state.openInvoices.map((invoice) => [invoice.ref, invoice]));
        const { items, cuts, state: next } = replay(state, [fact], { untilS: fact.atS });
        itemCents += sum(items.map(({ amountCents }) => amountCents));
        for (const { voids } of cuts) assert(voids === null || before.get(voids)?.locked !== true);
        assert.equal(
          paidCents + sum(next.openInvoices.map(({ amountCents }) => amountCents)) + next.unbilledCents,
          itemCents,
        );
        assert(next.unbilledCents >= 0 || next.openInvoices.every(({ locked }) => locked));
        for (const invoice of before.values()) if (invoice.locked) assert(next.openInvoices.includes(invoice));
        [state, paidCents] = collect(next, paidCents, stream);
      }
    });
    run('paid history', property, Math.ceil(HISTORIES / 10));
  },
  LONG_MS,
);

test('500 stops of one second each change a month by at most one cent', () => {
  const property = fc.property(
    fc.nat(5000),
    fc.array(fc.nat(5000), { minLength: 500, maxLength: 500 }),
    (cents, gaps) => {
      let at = utc('2026-01-01');
      const lines = gaps.flatMap((gap) => {
        const stop = { at: (at += gap), amountCents: cents, status: 'inactive' as const };
        return [stop, { at: (at += 1), amountCents: cents }];
      });
      const facts = history([{ at: '2026-01-01', amountCents: cents }, ...lines]);
      const { items } = replay(initialState(), facts, { untilS: at });
      const served = (cents * (31 * 86_400 - 500)) / (31 * 86_400);
      assert.equal(sum(items.map(({ amountCents }) => amountCents)), Math.round(served));
      assert(Math.abs(Math.round(served) - cents) <= 1);
    },
  );
  run('month of 500 stops', property, 200);
});

/** The items of each relay and period sum to its exact price rounded once, and no other item exists. */
function checkPrices(items: readonly Item[], { prices }: OracleResult): void {
  const sums = new Map<string, number>();
  for (const { relayId, periodStartS, amountCents } of items) {
    const key = `${relayId} ${periodStartS}`;
    sums.set(key, (sums.get(key) ?? 0) + amountCents);
  }
  for (const { relayId, periodStartS, amountCents } of prices) {
    const key = `${relayId} ${periodStartS}`;
    assert.equal(sums.get(key), amountCents, key);
    sums.delete(key);
  }
  for (const [key, cents] of sums) assert.equal(cents, 0, key);
}

function checkItems(items: readonly Item[]): void {
  const keys = items.map(({ activityId, kind, relayId, periodStartS }) =>
    activityId === null ? `${relayId} ${periodStartS} ${kind}` : `${activityId} ${kind}`,
  );
  assert.equal(new Set(keys).size, items.length, 'an item is written once');
  let lastS = -Infinity;
  for (const { kind, amountCents, atS } of items) {
    assert(kind === 'charge' || kind === 'renewal' ? amountCents > 0 : amountCents < 0);
    assert(atS >= lastS, 'items are in the order of history');
    lastS = atS;
  }
}

/** Causes are unique, and an invoice holds nothing from after its own period or, as a recut, its own moment. */
function checkCuts(cuts: readonly Cut[], items: readonly Item[]): void {
  assert.equal(new Set(cuts.map(({ cause }) => cause)).size, cuts.length, 'causes are unique');
  const cycles = cuts.filter(({ cause }) => cause.startsWith('cycle:')).map(({ periodStartS }) => periodStartS);
  assert.equal(new Set(cycles).size, cycles.length, 'one cycle invoice for a period');
  for (const { cause, periodStartS, periodEndS, afterItems, totalCents, voids } of cuts) {
    assert.equal(cause.startsWith('recut:'), voids !== null);
    assert(totalCents !== null || voids !== null);
    if (cause.startsWith('interim:')) assert((totalCents ?? 0) >= 1000);
    if (voids === null) assert((items[afterItems - 1]?.atS ?? 0) <= periodEndS);
    assert(periodStartS < periodEndS);
  }
}

function checkBooks({ items, cuts, state }: Outcome): void {
  const books = keepBooks(items, cuts);
  assert.equal(books.unbilledCents, state.unbilledCents);
  assert.deepEqual(new Map(state.openInvoices.map(({ ref, amountCents }) => [ref, amountCents])), books.openCents);
}

/**
 * Wakes at random instants and at every boundary: the same items and cuts as in one go, nothing new on a second look, and
 * at each of these instants nobody who never paid holds credit, and nothing lies around that should have been invoiced.
 */
function checkWakes({ facts, wakesS }: RandomHistory, truth: OracleResult, whole: Outcome): void {
  const boundaries = new Set(truth.boundaries.filter(({ anchor }) => !anchor).map(({ atS }) => atS));
  const instants = [...wakesS, ...boundaries].sort((a, b) => a - b);
  const items: Item[] = [];
  const cuts: Cut[] = [];
  let state = initialState();
  let from = 0;
  for (const untilS of instants) {
    const news = sliceUntil(facts, from, untilS);
    from += news.length;
    const result = replay(state, news, { untilS });
    cuts.push(...result.cuts.map((cut) => ({ ...cut, afterItems: cut.afterItems + items.length })));
    items.push(...result.items);
    state = result.state;
    checkRest(state, boundaries.has(untilS) && facts[from - 1]?.atS !== untilS);
  }
  assert.deepEqual(items, whole.items);
  assert.deepEqual(cuts, whole.cuts);
  assert.deepEqual(state, whole.state);
  const again = replay(state, [], { untilS: instants.at(-1) ?? 0 });
  assert.deepEqual(again, { items: [], cuts: [], state });
}

function checkRest({ unbilledCents, anchorS }: ReplayState, closedNow: boolean): void {
  assert(unbilledCents >= 0, 'who never pays holds no credit');
  assert(unbilledCents < (anchorS === null || closedNow ? 50 : 1000), 'what is due is invoiced');
}

function sliceUntil(facts: readonly BillingFact[], from: number, untilS: number): BillingFact[] {
  const end = facts.findIndex(({ atS }, index) => index >= from && atS > untilS);
  return facts.slice(from, end === -1 ? undefined : end);
}

/** Between two wakes some invoices are paid, some attempts begin and some end. */
function collect(state: ReplayState, paidCents: number, stream: fc.Stream<number>): [ReplayState, number] {
  let paid = paidCents;
  const openInvoices = state.openInvoices.flatMap((invoice) => {
    const luck = stream.next().value as number;
    if (luck >= 6) return luck === 9 ? [{ ...invoice, locked: true }] : [{ ...invoice, locked: false }];
    if (luck > 2) return [invoice];
    paid += invoice.amountCents;
    return [];
  });
  return [{ ...state, openInvoices }, paid];
}

function run<T>(name: string, property: fc.IProperty<T>, numRuns: number): void {
  const startMs = performance.now();
  const details = fc.check(property, { numRuns, seed: SEED });
  const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
  process.stdout.write(`replay: ${details.numRuns} × ${name}, seed ${SEED}, ${seconds} s\n`);
  if (details.failed) throw new Error(fc.defaultReportMessage(details), { cause: details.errorInstance });
}

const sum = (list: readonly number[]): number => list.reduce((total, n) => total + n, 0);

type Outcome = ReturnType<typeof replay>;
