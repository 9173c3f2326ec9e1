import { idSchema } from '@caravel/domain';
import type { Pubkey } from '@caravel/domain';
import { inTransaction, lockTenant } from '@caravel/platform-data-access';
import { openBooks } from './testing/books.js';
import type { TestBooks } from './testing/books.js';
import { anId, facts, utc } from './testing/facts.js';
import type { Line } from './testing/facts.js';
import { voidInvoice } from './void-invoice.js';
import type { InvoiceVoided, VoidMode } from './void-invoice.js';

describe('voiding an invoice', () => {
  let books: TestBooks;
  let tenant: Pubkey;
  const relay = anId();
  beforeEach(async () => {
    books = await openBooks(utc('2026-01-01'));
    tenant = await books.newTenant();
    await live([{ at: '2026-01-01', relay, plan: 'growth' }]);
  });
  afterEach(async () => {
    const problems = await books.problems();
    await books.close();
    expect(problems).toEqual([]);
  });

  let seq = 0;
  const live = async (lines: readonly Line[]) => {
    if (lines[0]?.at === '2026-01-01') seq = 0;
    await books.addFacts(tenant, facts(lines, { after: seq }));
    seq += lines.length;
    books.clock.set(utc(lines.at(-1)?.at ?? 0));
    await books.accounts.replay([tenant]);
  };
  const end = async (mode: VoidMode): Promise<InvoiceVoided> => {
    const invoice = (await books.invoices(tenant)).at(-1);
    return inTransaction(books.client, async (tx) => {
      await lockTenant(tx, tenant, books.deps);
      return voidInvoice(tx, { invoiceId: idSchema.parse(invoice?.id), mode }, books.deps);
    });
  };
  const unbilled = async () => {
    const [row] = await books.database.query<{ cents: number }>(
      `SELECT coalesce(sum(amount_cents), 0)::int AS cents FROM invoice_item
       WHERE tenant_pubkey = $1 AND invoice_id IS NULL AND voided_at IS NULL`,
      [tenant],
    );
    return row?.cents;
  };

  it.each(['forgive', 'write_off'] as const)('%s: stopping the relay later gives no credit for it', async (mode) => {
    expect(await end(mode)).toBe('voided');
    await live([{ at: '2026-01-08', relay, plan: 'growth', status: 'inactive' }]);
    expect(await unbilled()).toBe(0);
  });

  it('forgive: what is used on top of it is still charged, and the next period in full', async () => {
    await end('forgive');
    await live([{ at: '2026-01-16 12:00:00', relay: anId(), plan: 'growth' }]);
    expect((await books.invoices(tenant)).at(-1)).toMatchObject({ kind: 'interim', amount_cents: 1250 });
    await live([{ at: '2026-02-01', relay, plan: 'growth' }]);
    expect((await books.invoices(tenant)).at(-1)).toMatchObject({ kind: 'cycle', amount_cents: 5000 });
  });

  it('forgive: of two invoices of a period takes away only its own part', async () => {
    await books.database.query(`UPDATE invoice SET paid_at = issued_at, method = 'oob' WHERE tenant_pubkey = $1`, [
      tenant,
    ]);
    await books.database.query(
      `INSERT INTO ledger_entry (source, tenant_pubkey, account, amount_cents, at)
       SELECT 'payment:' || id, $1, account, cents, now()
       FROM invoice CROSS JOIN (VALUES ('cash_oob', 2500), ('receivable', -2500)) AS side(account, cents)
       WHERE tenant_pubkey = $1`,
      [tenant],
    );
    const second = anId();
    await live([{ at: '2026-01-16 12:00:00', relay: second, plan: 'growth' }]);
    await end('forgive');
    const stopped = { at: '2026-01-16 12:00:00', plan: 'growth', status: 'inactive' } as const;
    await live([
      { ...stopped, relay: second },
      { ...stopped, relay },
    ]);
    expect(await unbilled()).toBe(-1250);
  });

  it('recut: gives the items back, and stopping the relay meets them', async () => {
    expect(await end('recut')).toBe('voided');
    expect(await unbilled()).toBe(2500);
    await live([{ at: '2026-01-08', relay, plan: 'growth', status: 'inactive' }]);
    expect(await unbilled()).toBe(565);
  });

  it('does nothing to one that is closed, or that a payment is under way for', async () => {
    const [invoice] = await books.invoices(tenant);
    const attempt = anId();
    await books.database.query(
      `INSERT INTO collection_attempt (id, invoice_id, tenant_pubkey, rail, state, amount_cents, created_at)
       VALUES ($1, $2, $3, 'nwc', 'created', 2500, now())`,
      [attempt, invoice?.id, tenant],
    );
    for (const mode of ['forgive', 'recut', 'write_off'] as const) expect(await end(mode)).toBe('busy');
    await books.database.query(`UPDATE collection_attempt SET state = 'failed', resolved_at = now() WHERE id = $1`, [
      attempt,
    ]);
    expect(await end('write_off')).toBe('voided');
    for (const mode of ['forgive', 'recut', 'write_off'] as const) expect(await end(mode)).toBe('closed');
  });
});
