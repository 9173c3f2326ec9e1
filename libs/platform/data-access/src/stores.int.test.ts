import { cents, idSchema, manualClock } from '@caravel/domain';
import type { Id, Pubkey } from '@caravel/domain';
import { createTestDatabase } from '@caravel/testing';
import type { TestDatabase } from '@caravel/testing';
import { openDatabase } from './database.js';
import type { Database } from './database.js';
import { httpAuthStore } from './http-auth-store.js';
import { invoiceStore } from './invoice-store.js';
import { decodeCursor, encodeCursor } from './page.js';
import { planStore } from './plan-store.js';
import { relayCommands } from './relay-commands.js';
import { relayStore } from './relay-store.js';
import { publishSealingKey, sealingKey } from './service-keys.js';
import { tenantStore } from './tenant-store.js';
import { newId, newPubkey, relaySettings } from './testing/fixtures.js';

const clock = manualClock(1_800_000_000);
let server: TestDatabase;
let gateway: Database;
let billing: Database;

beforeAll(async () => {
  server = await createTestDatabase();
  gateway = openDatabase(server.url('gateway'));
  billing = openDatabase(server.url('billing'));
});
afterAll(async () => {
  await Promise.all([gateway.close(), billing.close()]);
  await server.drop();
});

const newTenant = async (): Promise<Pubkey> =>
  (await tenantStore(gateway.client, { clock, newId }).ensure({ pubkey: newPubkey() })).pubkey;

async function newInvoice(tenantPubkey: Pubkey, created: string, paid: string | null): Promise<Id> {
  const id = newId();
  await server.query(
    `INSERT INTO invoice (id, tenant_pubkey, cause, kind, amount_cents, period_start, period_end, issued_at, created_at,
       paid_at, method)
     VALUES ($1, $2, $1, 'interim', 500, $3, $3::timestamptz + interval '1 month', $3, $3, $4::timestamptz,
       CASE WHEN $4::timestamptz IS NULL THEN NULL ELSE 'nwc' END)`,
    [id, tenantPubkey, created, paid],
  );
  return id;
}

async function newItem(tenantPubkey: Pubkey, amountCents: number, invoiceId: Id | null = null): Promise<void> {
  await server.query(
    `INSERT INTO invoice_item (id, tenant_pubkey, invoice_id, plan_id, kind, command_id, amount_cents, description, created_at)
     VALUES ($1, $2, $3, 'basic', 'adjustment', $1, $4, 'test', $5)`,
    [newId(), tenantPubkey, invoiceId, amountCents, clock.now()],
  );
}

/** All rows, page by page. */
async function drain<T>(read: (cursor: string | undefined) => Promise<{ rows: T[]; nextCursor: string | null }>) {
  const rows: T[] = [];
  for (let cursor: string | undefined; ;) {
    const page = await read(cursor);
    rows.push(...page.rows);
    if (page.nextCursor === null) return rows;
    cursor = page.nextCursor;
  }
}

describe('invoices', () => {
  it('come open ones first, then newest first, over pages of any size', async () => {
    const tenant = await newTenant();
    const paidNew = await newInvoice(tenant, '2030-05-01', '2030-05-02');
    const openOld = await newInvoice(tenant, '2030-01-01', null);
    const paidOld = await newInvoice(tenant, '2030-02-01', '2030-02-02');
    const openNew = await newInvoice(tenant, '2030-04-01', null);
    await newInvoice(await newTenant(), '2030-04-01', null);

    for (const limit of [1, 2, 3, 4, 1000]) {
      const rows = await drain((cursor) => invoiceStore(gateway.client).listOfTenant(tenant, { limit, cursor }));
      expect(rows.map(({ id }) => id)).toEqual([openNew, openOld, paidNew, paidOld]);
    }
  });

  it('keep their items apart from the draft, whose amount is their sum', async () => {
    const tenant = await newTenant();
    const invoices = invoiceStore(gateway.client);
    const invoice = await newInvoice(tenant, '2030-01-01', null);
    await newItem(tenant, 500, invoice);
    await newItem(tenant, 300);
    await newItem(tenant, -120);

    expect(await invoices.draft(tenant)).toEqual({ amountCents: cents(180), periodStartS: null, periodEndS: null });
    const unbilled = await drain((cursor) => invoices.unbilledItems(tenant, { limit: 1, cursor }));
    expect(unbilled.map(({ amountCents }) => amountCents).sort()).toEqual([-120, 300]);
    expect((await invoices.items(invoice, { limit: 10 })).rows).toMatchObject([
      { amountCents: 500, invoiceId: invoice },
    ]);
  });

  it('are not there for an id that is not', async () => {
    expect(await invoiceStore(gateway.client).find(newId())).toBeNull();
    expect(await invoiceStore(gateway.client).bolt11(newId())).toBeNull();
  });
});

it('relays of a tenant come newest first over pages, and nobody else’s', async () => {
  const tenant = await newTenant();
  const commands = relayCommands(gateway.client, { clock, newId });
  const create = (tenantPubkey: Pubkey) =>
    commands.create({ tenantPubkey, actor: 'test', settings: relaySettings() }, () => undefined);
  const made: Id[] = [];
  for (let count = 0; count < 4; count += 1) {
    clock.advance(1);
    made.unshift((await create(tenant)).id);
  }
  await create(await newTenant());

  const rows = await drain((cursor) => relayStore(gateway.client).listOfTenant(tenant, { limit: 3, cursor }));
  expect(rows.map(({ id }) => id)).toEqual(made);
  const all = await drain((cursor) => relayStore(gateway.client).list({ limit: 2, cursor }));
  expect(all).toHaveLength(5);
});

describe('a cursor', () => {
  it('comes back as it went', () => {
    const place = { position: 1_800_000_000_123, key: newId(), part: 'open' };
    expect(decodeCursor(encodeCursor(place))).toEqual(place);
  });

  it.each([
    '',
    'nonsense',
    Buffer.from(`-1.${idSchema.parse('0190a5c0-0000-7000-8000-000000000000')}`).toString('base64url'),
    Buffer.from('1e3.0190a5c0-0000-7000-8000-000000000000').toString('base64url'),
    Buffer.from('999999999999999999.0190a5c0-0000-7000-8000-000000000000').toString('base64url'),
    Buffer.from("1.'; DROP TABLE tenant").toString('base64url'),
  ])('that we did not make is refused: %s', (cursor) => {
    const details = [{ path: 'cursor', message: 'take it from the Link header of the last page' }];
    expect(() => decodeCursor(cursor)).toThrow(expect.objectContaining({ code: 'invalid-request', details }));
  });
});

it('plans come in the order of their file, and one by one', async () => {
  const plans = planStore(gateway.client);
  expect((await plans.list()).map(({ id, amount }) => [id, amount])).toEqual([
    ['free', 0],
    ['basic', 500],
    ['growth', 2500],
  ]);
  expect(await plans.find('basic')).toMatchObject({ id: 'basic', members: 100, blossom: true });
  expect(await plans.find('gold')).toBeNull();
});

it('an HTTP auth event is used once, also when many replicas see it at the same time', async () => {
  const store = httpAuthStore(gateway.client);
  const eventId = newPubkey();
  const outcomes = await Promise.all(Array.from({ length: 20 }, () => store.useOnce(eventId)));
  expect(outcomes.filter(Boolean)).toHaveLength(1);

  await store.sweep();
  expect(await store.useOnce(eventId)).toBe(false);
  await server.query("UPDATE used_http_auth SET created_at = now() - interval '3 minutes' WHERE event_id = $1", [
    eventId,
  ]);
  await store.sweep();
  expect(await server.query('SELECT FROM used_http_auth WHERE event_id = $1', [eventId])).toEqual([]);
});

it('the newest sealing key is the one to seal to, and publishing it again changes nothing', async () => {
  expect(await sealingKey(gateway.client, 'nwc_url')).toBeNull();
  const [older, newer] = [newPubkey(), newPubkey()];
  await publishSealingKey(billing.client, 'nwc_url', { pubkey: older, now: clock.now() });
  clock.advance(1);
  await publishSealingKey(billing.client, 'nwc_url', { pubkey: newer, now: clock.now() });
  await publishSealingKey(billing.client, 'nwc_url', { pubkey: newer, now: clock.now() });
  expect(await sealingKey(gateway.client, 'nwc_url')).toBe(newer);
});
