import { randomUUID } from 'node:crypto';
import type { BillingFact } from '@caravel/billing-domain';
import type { Pubkey } from '@caravel/domain';
import { luckOf } from '@caravel/testing';
import fc from 'fast-check';
import { closeAll } from './testing/close-all.js';
import { openBooks } from './testing/books.js';
import type { TestBooks } from './testing/books.js';
import { randomLife, utc } from './testing/facts.js';

const LIVES = Number(process.env['LIVES'] ?? 40);
const SEED = Number(process.env['SEED'] ?? Date.now() % 2 ** 31);
const DAY_S = 86_400;

let pure: TestBooks;
let closing: TestBooks;
beforeAll(async () => {
  [pure, closing] = await Promise.all([openBooks(utc('2026-01-01')), openBooks(utc('2026-01-01'))]);
});
afterAll(() => Promise.all([pure.close(), closing.close()]));

test(`the period close writes exactly the rows of the pure replay (seed ${SEED})`, async () => {
  const lives = fc.sample(randomLife, { numRuns: LIVES, seed: SEED });
  const tenants = await Promise.all(lives.map(() => pure.newTenant()));
  await Promise.all(tenants.map((tenant) => closing.newTenant(tenant)));
  const luck = luckOf(SEED);
  const due = tenants.flatMap((tenant, index) => (lives[index]?.history ?? []).map((fact) => ({ fact, tenant })));
  const endS = Math.max(...lives.flatMap(({ wakesS }) => wakesS));
  let plain = 0;
  let seenS = -Infinity;

  for (let nowS = utc('2026-01-01'); nowS < endS; nowS += Math.ceil(luck() * 30 * DAY_S)) {
    const news = due.filter(({ fact }) => fact.atS > seenS && fact.atS <= nowS);
    seenS = nowS;
    for (const books of [pure, closing]) {
      books.clock.set(nowS);
      for (const [tenant, facts] of byTenant(news)) await books.addFacts(tenant, facts);
    }
    await pure.accounts.replay(tenants);
    plain += (await closeAll(closing.accounts, { limit: 7 })).plain;
    await closing.accounts.replay(await closing.accounts.withUnbilledFacts({ after: null, limit: LIVES }));
    await live(tenants, luck);
  }

  expect(await closing.problems()).toEqual([]);
  for (const [table, sql] of Object.entries(TABLES)) {
    expect({ table, rows: await lines(closing, sql) }).toEqual({ table, rows: await lines(pure, sql) });
  }
  expect(plain).toBeGreaterThan(LIVES * 2);
  process.stdout.write(`plain close against the replay: ${LIVES} lives, ${plain} plain closes, seed ${SEED}\n`);
}, 600_000);

/** Between two looks some invoices are paid, some are being collected, and money comes late. The same in both worlds. */
async function live(tenants: readonly Pubkey[], luck: () => number): Promise<void> {
  for (const { tenant_pubkey: tenant, issued_at: issuedAt } of await pure.database.query<OpenInvoice>(OPEN_INVOICES)) {
    const dice = luck();
    const event = dice < 0.3 ? PAY : dice < 0.4 ? LOCK : dice < 0.5 ? UNLOCK : null;
    if (event === null) continue;
    const ids = [randomUUID(), tenant, issuedAt, pure.clock.now()];
    for (const books of [pure, closing]) await books.database.query(event, ids);
    if (event !== UNLOCK) continue;
    for (const books of [pure, closing]) await books.accounts.replay([tenant]);
  }
  for (const tenant of tenants) {
    if (luck() > 0.1) continue;
    const payment = [randomUUID(), tenant, pure.clock.now(), Math.ceil(luck() ** 3 * 3000)];
    for (const books of [pure, closing]) {
      await books.database.query(PAY_LATE, payment);
      await books.accounts.replay([tenant]);
    }
  }
}

interface OpenInvoice {
  tenant_pubkey: Pubkey;
  issued_at: Date;
}

const OPEN_INVOICES = `SELECT tenant_pubkey, issued_at FROM invoice WHERE paid_at IS NULL AND voided_at IS NULL
  ORDER BY tenant_pubkey, issued_at`;

const IT = `SELECT id FROM invoice WHERE tenant_pubkey = $2 AND issued_at = $3 AND paid_at IS NULL AND voided_at IS NULL`;

const PAY = `
  WITH released AS (UPDATE collection_attempt SET state = 'failed', resolved_at = $4 WHERE state = 'created' AND invoice_id = (${IT})),
  paid AS (UPDATE invoice SET paid_at = $4, method = 'oob', next_try_at = NULL WHERE id = (${IT}) RETURNING id, amount_cents)
  INSERT INTO ledger_entry (source, tenant_pubkey, account, amount_cents, at)
  SELECT 'payment:' || id, $2, account, sign * amount_cents, $4 FROM paid,
    (VALUES ('cash_oob', 1), ('receivable', -1)) AS side(account, sign) WHERE $1 <> ''`;

const LOCK = `INSERT INTO collection_attempt (id, invoice_id, tenant_pubkey, rail, state, amount_cents, created_at)
  SELECT $1, id, $2, 'nwc', 'created', 1, $4 FROM (${IT}) AS it ON CONFLICT DO NOTHING`;

const UNLOCK = `UPDATE collection_attempt SET state = 'failed', resolved_at = $4
  WHERE state = 'created' AND invoice_id = (${IT}) AND $1 <> ''`;

const PAY_LATE = `
  WITH item AS (INSERT INTO invoice_item (id, tenant_pubkey, offer_id, plan_id, kind, amount_cents, description, created_at)
    VALUES ($1, $2, $1, '', 'late_payment', -$4::int, 'late', $3))
  INSERT INTO ledger_entry (source, tenant_pubkey, account, amount_cents, at)
  VALUES ('late:' || $1, $2, 'cash_oob', $4, $3), ('late:' || $1, $2, 'credit', -$4::int, $3)`;

/** All rows but what is made up when they are written: ids, tokens, and which invoice of a batch got which number. */
const TABLES = {
  invoice_item: `SELECT item.tenant_pubkey, item.relay_id, item.activity_id, item.offer_id, item.plan_id, item.kind, item.amount_cents,
    item.description, item.period_start, item.period_end, item.created_at, item.voided_at, invoice.issued_at,
    invoice.amount_cents AS total, invoice.voided_at AS invoice_voided_at
    FROM invoice_item item LEFT JOIN invoice ON invoice.id = invoice_id`,
  invoice: `SELECT tenant_pubkey, regexp_replace(cause, '^recut:.*', 'recut') AS cause, kind, amount_cents, period_start,
    period_end, issued_at, created_at, paid_at, voided_at, void_reason, method, tries, next_try_at, left(number, 5) AS year FROM invoice`,
  ledger_entry: `SELECT tenant_pubkey, split_part(source, ':', 1) AS source, account, amount_cents, at FROM ledger_entry`,
  relay_billing: `SELECT * FROM relay_billing`,
  tenant_billing: `SELECT * FROM tenant_billing`,
  tenant_history: `SELECT * FROM tenant_history`,
  activity: `SELECT id, billed_at FROM activity`,
  invoice_counter: `SELECT * FROM invoice_counter`,
};

async function lines({ database }: TestBooks, sql: string): Promise<string[]> {
  const rows = await database.query<{ line: string }>(`SELECT to_jsonb(found)::text AS line FROM (${sql}) AS found`);
  return rows.map(({ line }) => line).sort();
}

function byTenant(news: readonly { fact: BillingFact; tenant: Pubkey }[]): Map<Pubkey, BillingFact[]> {
  const groups = new Map<Pubkey, BillingFact[]>();
  for (const { fact, tenant } of news) groups.set(tenant, [...(groups.get(tenant) ?? []), fact]);
  return groups;
}
