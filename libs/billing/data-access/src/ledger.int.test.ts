import type { Pubkey } from '@caravel/domain';
import { openBooks } from './testing/books.js';
import type { TestBooks } from './testing/books.js';
import { facts, utc } from './testing/facts.js';

describe('the ledger', () => {
  let books: TestBooks;
  let tenant: Pubkey;
  beforeEach(async () => {
    books = await openBooks(utc('2026-01-01'));
    tenant = await books.newTenant();
    await books.addFacts(tenant, facts([{ at: '2026-01-01' }, { at: '2026-01-01' }]));
    await books.accounts.replay([tenant]);
  });
  afterEach(() => books.close());
  const problems = async () => (await books.problems()).map(({ problem }) => problem).sort();

  it('is balanced after a replay', async () => {
    expect(await problems()).toEqual([]);
  });

  it('shows an item that nobody booked, and one that is gone', async () => {
    await books.database.query(`UPDATE invoice_item SET amount_cents = amount_cents + 1`);
    expect(await problems()).toEqual(['invoice is not the sum of its items', 'revenue differs']);
  });

  it('shows an invoice that was paid without money', async () => {
    await books.database.query(`UPDATE invoice SET paid_at = issued_at, method = 'oob'`);
    expect(await problems()).toEqual([
      'cash differs',
      'invoice is not booked as its method says',
      'receivable differs',
    ]);
  });

  it('shows money that came another way than the invoice says', async () => {
    await books.database.query(`UPDATE invoice SET paid_at = issued_at, method = 'nwc'`);
    await books.database.query(
      `INSERT INTO ledger_entry (source, tenant_pubkey, account, amount_cents, at)
       SELECT 'payment:' || id, tenant_pubkey, account, sign * amount_cents, now()
       FROM invoice CROSS JOIN (VALUES ('cash_oob', 1), ('receivable', -1)) AS side(account, sign)`,
    );
    expect(await problems()).toEqual(['invoice is not booked as its method says']);
  });

  it('shows items that left their invoice', async () => {
    await books.database.query(`UPDATE invoice_item SET invoice_id = NULL`);
    expect(await problems()).toEqual(['invoice is not the sum of its items', 'unbilled differs']);
  });

  it('tells money of the tenant’s from service that is not invoiced yet', async () => {
    await books.database.query(
      `INSERT INTO invoice_item (id, tenant_pubkey, command_id, plan_id, kind, amount_cents, description, created_at)
       VALUES (gen_random_uuid(), $1, 'c', '', 'adjustment', -100, 'Sorry', now())`,
      [tenant],
    );
    expect(await problems()).toEqual(['credit differs', 'revenue differs']);
  });

  it('shows an invoice that was forgiven without being booked', async () => {
    await books.database.query(`UPDATE invoice SET voided_at = issued_at, void_reason = 'forgive'`);
    expect(await problems()).toEqual(['receivable differs', 'write_off differs']);
  });

  it('takes no entries that do not sum to zero, none a second time, and no change, not even from its owner', async () => {
    const insert = (cents: number) =>
      books.database.query(
        `INSERT INTO ledger_entry (source, tenant_pubkey, account, amount_cents, at) VALUES
         ('x', $1, 'unbilled', 100, now()), ('x', $1, 'revenue', $2, now())`,
        [tenant, cents],
      );
    await expect(insert(-99)).rejects.toThrow(/sum to zero/);
    await insert(-100);
    await expect(insert(-100)).rejects.toThrow(/unique constraint/);
    for (const change of [
      'UPDATE ledger_entry SET amount_cents = 1',
      'DELETE FROM ledger_entry',
      'TRUNCATE ledger_entry',
    ])
      await expect(books.database.query(change)).rejects.toThrow(/append-only/);
  });
});
