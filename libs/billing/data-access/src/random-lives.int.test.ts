import { initialState, replay } from '@caravel/billing-domain';
import type { BillingFact, Cut, Item } from '@caravel/billing-domain';
import { randomHistory } from '@caravel/billing-domain/testing';
import type { RandomHistory } from '@caravel/billing-domain/testing';
import type { Id, Pubkey } from '@caravel/domain';
import fc from 'fast-check';
import { openBooks } from './testing/books.js';
import type { TestBooks } from './testing/books.js';
import { anId, utc } from './testing/facts.js';

const LIVES = Number(process.env['LIVES'] ?? 500);
const BUDGET_S = Number(process.env['LIVES_BUDGET_S'] ?? 120);
const SEED = Number(process.env['SEED'] ?? Date.now() % 2 ** 31);
/** Looking at all books takes longer with every life, so it is done once for so many. */
const LIVES_A_CHECK = 25;

let books: TestBooks;
beforeAll(async () => {
  books = await openBooks(utc('2026-01-01'));
});
afterAll(() => books.close());

test(`the rows of any history, whenever billing woke, are those of the pure replay (seed ${SEED})`, async () => {
  const startMs = performance.now();
  let lives = 0;
  const property = fc.asyncProperty(randomHistory, async (random) => {
    const facts = withOwnIds(random.facts);
    const tenant = await books.newTenant();
    await liveThrough(tenant, { ...random, facts });
    const pure = replay(initialState(), facts, { untilS: random.wakesS.at(-1) ?? 0 });

    expect(sorted((await books.items(tenant)).map(storedItem))).toEqual(sorted(pure.items.map(pureItem)));
    expect(await storedInvoices(tenant)).toEqual(sorted(keepBooks(pure.items, pure.cuts)));
    lives += 1;
    if (lives % LIVES_A_CHECK === 0) expect(await books.problems()).toEqual([]);
  });
  const limits = { interruptAfterTimeLimit: BUDGET_S * 1000, markInterruptAsFailure: false };
  const details = await fc.check(property, { numRuns: LIVES, seed: SEED, ...limits });
  const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
  const share = `${lives} of ${LIVES} histories, seed ${SEED}, ${seconds} s of at most ${BUDGET_S} s`;
  process.stdout.write(`rows against the pure replay: ${share}\n`);
  if (details.failed) throw new Error(fc.defaultReportMessage(details), { cause: details.errorInstance });
  expect(await books.problems()).toEqual([]);
}, 3_600_000);

/** Pure histories share their ids; in one database each has its own. */
function withOwnIds(facts: readonly BillingFact[]): BillingFact[] {
  const relays = new Map<Id, Id>();
  return facts.map((fact) => {
    const relayId = relays.get(fact.relayId) ?? anId();
    relays.set(fact.relayId, relayId);
    return { ...fact, relayId, activityId: anId() };
  });
}

async function liveThrough(tenant: Pubkey, { facts, wakesS }: RandomHistory): Promise<void> {
  let seen = 0;
  for (const wakeS of wakesS) {
    const until = facts.findIndex(({ atS }, index) => index >= seen && atS > wakeS);
    const news = facts.slice(seen, until === -1 ? undefined : until);
    seen += news.length;
    await books.addFacts(tenant, news);
    books.clock.set(wakeS);
    await books.accounts.replay([tenant]);
  }
}

const storedItem = (item: Awaited<ReturnType<TestBooks['items']>>[number]): string =>
  `${item.kind} ${item.amount_cents} ${item.activity_id ?? '-'} ${item.relay_id} ${item.start_s}`;

const pureItem = (item: Item): string =>
  `${item.kind} ${item.amountCents} ${item.activityId ?? '-'} ${item.relayId} ${item.periodStartS}`;

/** Each invoice with the causes of those it replaced, what it holds and how it ended. */
async function storedInvoices(tenant: Pubkey): Promise<string[]> {
  const rows = await books.invoices(tenant);
  const items = await books.items(tenant);
  const byId = new Map(rows.map((row) => [row.id, row]));
  const fullCause = (cause: string): string => {
    const replaced = cause.startsWith('recut:') ? byId.get(cause.slice('recut:'.length)) : undefined;
    return replaced ? `recut:${fullCause(replaced.cause)}` : cause;
  };
  return sorted(
    rows.map((row) => {
      const held = items.filter(({ invoice_id }) => invoice_id === row.id).map(storedItem);
      const bounds = `${row.start_s}-${row.end_s}`;
      return `${fullCause(row.cause)} ${row.amount_cents} ${bounds} ${row.voided ? 'voided' : sorted(held).join(', ')}`;
    }),
  );
}

/** The obvious way to do what the cuts say: item by item. */
function keepBooks(items: readonly Item[], cuts: readonly Cut[]): string[] {
  const open = new Map<string, { cut: Cut; held: Item[] }>();
  const voided: Cut[] = [];
  let loose: Item[] = [];
  let seen = 0;
  for (const cut of cuts) {
    loose.push(...items.slice(seen, cut.afterItems));
    seen = cut.afterItems;
    const replaced = cut.voids === null ? undefined : open.get(cut.voids);
    if (replaced) {
      open.delete(replaced.cut.cause);
      voided.push(replaced.cut);
      loose.push(...replaced.held);
    }
    if (cut.totalCents === null) continue;
    open.set(cut.cause, { cut, held: loose });
    loose = [];
  }
  const line = ({ cause, totalCents, periodStartS, periodEndS }: Cut): string =>
    `${cause} ${totalCents ?? 0} ${periodStartS}-${periodEndS}`;
  return [
    ...voided.map((cut) => `${line(cut)} voided`),
    ...[...open.values()].map(({ cut, held }) => `${line(cut)} ${sorted(held.map(pureItem)).join(', ')}`),
  ];
}

function sorted(lines: readonly string[]): string[] {
  return [...lines].sort();
}
