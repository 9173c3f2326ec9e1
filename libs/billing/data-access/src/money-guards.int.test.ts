import type { Pubkey } from '@caravel/domain';
import { openBooks } from './testing/books.js';
import type { TestBooks } from './testing/books.js';
import { facts, utc } from './testing/facts.js';

// What the database refuses whoever asks, its owner too: no code of ours has to be right for these.
describe('the database', () => {
  let books: TestBooks;
  let tenant: Pubkey;
  beforeAll(async () => {
    books = await openBooks(utc('2026-01-01'));
    tenant = await books.newTenant();
    await books.addFacts(tenant, facts([{ at: '2026-01-01' }]));
    await books.accounts.replay([tenant]);
    books.clock.set(utc('2026-02-01'));
    await books.accounts.replay([tenant]);
    await run(
      `INSERT INTO offer (id, invoice_id, tenant_pubkey, kind, amount_cents, msats, payment_hash, lnbc, created_at, expires_at)
       SELECT 'o', id, tenant_pubkey, 'bolt11', 500, 5000000, 'h', 'lnbc', now(), now() FROM invoice LIMIT 1`,
    );
    await run(anAttempt(`'a'`, `'unknown'`));
    await run(aLatePayment(`'l'`));
  });
  afterAll(() => books.close());

  const run = (sql: string) => books.database.query(sql);
  /** The row again under another id, with what is changed of it. */
  const again = (table: string, changes: string, where = 'true') =>
    `INSERT INTO ${table} SELECT (jsonb_populate_record(row, jsonb_build_object('id', gen_random_uuid()::text, 'number', NULL,
       'public_token', gen_random_uuid()) || '${changes}')).* FROM ${table} row WHERE ${where} LIMIT 1`;

  it.each<[string, string, RegExp]>([
    ['a second invoice of a cause', again('invoice', '{"kind":"interim"}'), /invoice_tenant_pubkey_cause_key/],
    ['a second cycle invoice of a period', again('invoice', '{"cause":"cycle:0"}'), /invoice_one_cycle_a_period/],
    ['a second item of a fact and kind', again('invoice_item', '{}', `kind = 'charge'`), /invoice_item_activity_key/],
    ['a second renewal of a relay', again('invoice_item', '{}', `kind = 'renewal'`), /invoice_item_period_key/],
    ['a second late payment of an offer', aLatePayment(`'m'`), /invoice_item_late_payment_key/],
    ['a second unresolved attempt', anAttempt(`'b'`, `'created'`), /collection_attempt_one_unresolved/],
    ['a second live bolt11', again('offer', '{"payment_hash":"i"}'), /offer_one_live/],
    ['a second offer of a payment hash', again('offer', '{"live":false}'), /offer_payment_hash_key/],
    [
      'an invoice under 50 cents',
      again('invoice', '{"cause":"x","kind":"interim","amount_cents":49}'),
      /invoice_amount/,
    ],
    ['an item of nothing', again('invoice_item', '{"amount_cents":0}'), /invoice_item_not_zero/],
    [
      'a second invoice of a number',
      again('invoice', '{"cause":"y","kind":"interim","number":"2026-000001"}'),
      /invoice_number_key/,
    ],
  ])('takes not %s', async (_, sql, guard) => {
    await expect(run(sql)).rejects.toThrow(guard);
  });

  it.each([
    `amount_cents = amount_cents + 1`,
    `period_end = period_end + interval '1 day'`,
    `issued_at = issued_at + interval '1 day'`,
    `cause = 'other'`,
    `number = '2026-000009'`,
    `public_token = 'guessed'`,
    `tenant_pubkey = '${'b'.repeat(64)}'`,
  ])('changes no invoice that was cut: %s', async (change) => {
    await expect(run(`UPDATE invoice SET ${change}`)).rejects.toThrow(/immutable/);
  });

  it('ends an invoice once, in one way', async () => {
    await run(`UPDATE invoice SET paid_at = now(), method = 'oob' WHERE number = '2026-000002'`);
    const end = (change: string) => run(`UPDATE invoice SET ${change} WHERE number = '2026-000002'`);
    await expect(end(`paid_at = NULL, method = NULL`)).rejects.toThrow(/immutable/);
    await expect(end(`voided_at = now(), void_reason = 'forgive'`)).rejects.toThrow(/invoice_one_end/);
  });
});

function anAttempt(id: string, state: string): string {
  return `INSERT INTO collection_attempt (id, invoice_id, tenant_pubkey, rail, state, amount_cents, created_at, dispatched_at)
   SELECT ${id}, invoice_id, tenant_pubkey, 'nwc', ${state}, 500, now(), now() FROM offer WHERE id = 'o'`;
}

function aLatePayment(id: string): string {
  return `INSERT INTO invoice_item (id, tenant_pubkey, offer_id, plan_id, kind, amount_cents, description, created_at)
   SELECT ${id}, tenant_pubkey, id, '', 'late_payment', -500, '', now() FROM offer WHERE id = 'o'`;
}
