import type { Id, Pubkey } from '@caravel/domain';
import { createTestDatabase } from '@caravel/testing';
import type { TestDatabase } from '@caravel/testing';
import { openDatabase } from './database.js';
import type { Database } from './database.js';
import { exportStore } from './export-store.js';
import { invoiceDocumentStore } from './invoice-document-store.js';
import { revenueStore } from './revenue-store.js';
import { newId, newPubkey } from './testing/fixtures.js';

let server: TestDatabase;
let gateway: Database;
beforeEach(async () => {
  server = await createTestDatabase();
  gateway = openDatabase(server.url('gateway'), { max: 2 });
});
afterEach(async () => {
  await gateway.close();
  await server.drop();
});

async function newInvoice(tenantPubkey: Pubkey, amountCents = 500): Promise<Id> {
  const id = newId();
  await server.query(
    `INSERT INTO invoice (id, number, tenant_pubkey, cause, kind, amount_cents, period_start, period_end, issued_at, created_at)
     VALUES ($1, '2026-' || lpad((SELECT count(*) + 1 FROM invoice)::text, 6, '0'), $2, $1, 'interim', $3,
       '2026-01-01Z', '2026-02-01Z', '2026-01-01 12:00Z', '2026-01-01 12:00Z')`,
    [id, tenantPubkey, amountCents],
  );
  return id;
}

async function newItem(tenantPubkey: Pubkey, amountCents: number, invoiceId: Id | null): Promise<void> {
  await server.query(
    `INSERT INTO invoice_item (id, tenant_pubkey, invoice_id, command_id, plan_id, kind, amount_cents, description, created_at)
     VALUES ($1, $2, $3, $1, '', 'adjustment', $4, 'Agreed by mail', '2026-01-01Z')`,
    [newId(), tenantPubkey, invoiceId, amountCents],
  );
}

const post = (tenantPubkey: Pubkey, at: string, [debit, credit, cents]: [string, string, number]) =>
  server.query(
    `INSERT INTO ledger_entry (source, tenant_pubkey, account, amount_cents, at)
     VALUES ($1, $2, $3, $5, $6), ($1, $2, $4, -$5::int, $6)`,
    [newId(), tenantPubkey, debit, credit, cents, at],
  );

async function sizesAndIds<Row extends { id: unknown }>(pages: AsyncIterable<Row[]>) {
  const [sizes, ids]: [number[], unknown[]] = [[], []];
  for await (const rows of pages) {
    sizes.push(rows.length);
    ids.push(...rows.map(({ id }) => id));
  }
  return { sizes, ids };
}

describe('an export', () => {
  it('brings every row once, in the order of writing, a page at a time', async () => {
    const [one, other] = [newPubkey(), newPubkey()];
    const written: { id: Id; owner: Pubkey }[] = [];
    for (const owner of [one, other, one, one, other, one, one]) written.push({ id: await newInvoice(owner), owner });
    written.sort((a, b) => (a.id < b.id ? -1 : 1)); // ids of one millisecond have no order
    const exports = exportStore(gateway.client, { pageSize: 2 });

    expect(await sizesAndIds(exports.invoices())).toEqual({ sizes: [2, 2, 2, 1], ids: written.map(({ id }) => id) });
    const mine = written.filter(({ owner }) => owner === one).map(({ id }) => id);
    expect(await sizesAndIds(exports.invoicesOfTenant(one))).toEqual({ sizes: [2, 2, 1], ids: mine });
    expect(await sizesAndIds(exports.invoicesOfTenant(newPubkey()))).toEqual({ sizes: [], ids: [] });
  });

  it('of the ledger is balanced, and ends where the ledger does', async () => {
    const tenant = newPubkey();
    for (let times = 0; times < 5; times += 1) await post(tenant, '2026-01-01Z', ['cash_nwc', 'receivable', 500]);
    const amounts: number[] = [];
    for await (const rows of exportStore(gateway.client, { pageSize: 3 }).ledger()) {
      amounts.push(...rows.map(({ amountCents }) => amountCents));
    }
    expect(amounts).toHaveLength(10);
    expect(amounts.reduce((sum, cents) => sum + cents, 0)).toBe(0);
  });

  it('reads no page that nobody takes', async () => {
    const tenant = newPubkey();
    for (let times = 0; times < 5; times += 1) await newInvoice(tenant);
    let seen = 0;
    for await (const rows of exportStore(gateway.client, { pageSize: 2 }).invoices()) {
      seen += rows.length;
      break;
    }
    expect(seen).toBe(2);
  });
});

describe('the revenue of a span', () => {
  const january = { from: new Date('2026-01-01Z'), to: new Date('2026-02-01Z') };
  const revenue = () => revenueStore(gateway.client).revenue(january);

  it('is nothing when nothing happened', async () => {
    expect(await revenue()).toEqual({
      mrr: 0,
      collected: { nwc: 0, stripe: 0, oob: 0 },
      refunded: 0,
      writtenOff: 0,
      failedAttempts: { count: 0, amount: 0 },
      delinquent: { tenants: 0, amount: 0 },
      creditOutstanding: 0,
      openReceivables: { invoices: 0, amount: 0 },
    });
  });

  it('takes its first moment in and leaves its last one out', async () => {
    const tenant = newPubkey();
    for (const at of ['2025-12-31 23:59:59.999Z', '2026-01-01Z', '2026-01-31 23:59:59.999Z', '2026-02-01Z']) {
      await post(tenant, at, ['cash_oob', 'credit', 1]);
    }
    expect((await revenue()).collected).toEqual({ nwc: 0, stripe: 0, oob: 2 });
  });

  it('tells refunds from what was collected by card', async () => {
    const tenant = newPubkey();
    await post(tenant, '2026-01-02Z', ['cash_stripe', 'receivable', 700]);
    await post(tenant, '2026-01-03Z', ['credit', 'cash_stripe', 200]);
    expect(await revenue()).toMatchObject({ collected: { stripe: 700 }, refunded: 200 });
  });

  it('counts credit tenant by tenant: one owes nothing for another', async () => {
    const [rich, poor] = [newPubkey(), newPubkey()];
    await newItem(rich, -500, null);
    await newItem(rich, 100, null);
    await newItem(poor, 900, null);
    expect((await revenue()).creditOutstanding).toBe(400);
  });
});

describe('the document of an invoice', () => {
  it('is found by its token and by its id, with items that belong to no relay', async () => {
    const tenant = newPubkey();
    const id = await newInvoice(tenant);
    await newItem(tenant, 500, id);
    await newItem(tenant, 99, null);
    const documents = invoiceDocumentStore(gateway.client);
    const found = await documents.byId(id);
    expect(found).toMatchObject({ number: '2026-000001', invoice: { id, amountCents: 500 }, voidReason: null });
    expect(found?.lines).toEqual([{ amountCents: 500, description: 'Agreed by mail', relay: null }]);
    expect(found?.publicToken).toMatch(/^[0-9a-f]{32}$/);
    expect(await documents.byToken(found?.publicToken ?? '')).toEqual(found);
    expect(await documents.byToken('0'.repeat(32))).toBeNull();
  });
});
