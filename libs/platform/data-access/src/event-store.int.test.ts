import { manualClock } from '@caravel/domain';
import type { Pubkey } from '@caravel/domain';
import { createTestDatabase } from '@caravel/testing';
import type { TestDatabase } from '@caravel/testing';
import { inTransaction, openDatabase } from './database.js';
import type { Database } from './database.js';
import { eventStore } from './event-store.js';
import type { TenantEvent } from './event-store.js';
import { lockTenant } from './history.js';
import { addMessages } from './message-rows.js';
import { tenantStore } from './tenant-store.js';
import { newId, newPubkey } from './testing/fixtures.js';

const clock = manualClock(1_800_000_000);
const deps = { clock, newId };
let server: TestDatabase;
const open = {} as Record<'gateway' | 'billing' | 'robot', Database>;

beforeAll(async () => {
  server = await createTestDatabase();
  for (const role of ['gateway', 'billing', 'robot'] as const) open[role] = openDatabase(server.url(role), { max: 5 });
});
afterAll(async () => {
  await Promise.all(Object.values(open).map((database) => database.close()));
  await server.drop();
});

async function newTenant(): Promise<Pubkey> {
  const pubkey = newPubkey();
  await tenantStore(open.gateway.client, deps).ensure({ pubkey });
  return pubkey;
}

/** As its service writes it, with its rights. */
const write = {
  activity: (pubkey: Pubkey) => tenantStore(open.gateway.client, deps).update(pubkey, pubkey, { wallet: null }),
  message: (tenantPubkey: Pubkey) =>
    inTransaction(open.billing.client, async (tx) => {
      await lockTenant(tx, tenantPubkey, deps);
      await addMessages(tx, [{ tenantPubkey, template: 'invoice-due', subject: newId(), params: {} }], deps);
    }),
  sent: (tenantPubkey: Pubkey) => open.robot.client.$executeRaw`
    UPDATE message SET sent_at = now(), next_try_at = NULL WHERE id = (
      SELECT id FROM message WHERE tenant_pubkey = ${tenantPubkey} AND sent_at IS NULL LIMIT 1 FOR UPDATE SKIP LOCKED)`,
  invoice: (tenantPubkey: Pubkey) =>
    inTransaction(open.billing.client, async (tx) => {
      await lockTenant(tx, tenantPubkey, deps);
      const at = clock.now();
      const period = { periodStart: at, periodEnd: new Date(at.getTime() + 1000), issuedAt: at, createdAt: at };
      const invoice = { id: newId(), tenantPubkey, cause: newId(), kind: 'interim', amountCents: 500, ...period };
      await tx.invoice.create({ data: invoice, select: { id: true } });
    }),
  paid: (tenantPubkey: Pubkey) =>
    inTransaction(open.billing.client, async (tx) => {
      await lockTenant(tx, tenantPubkey, deps);
      const where = { tenantPubkey, paidAt: null };
      const first = await tx.invoice.findFirst({ where, select: { id: true } });
      if (first) await tx.invoice.updateMany({ where: first, data: { paidAt: clock.now(), method: 'nwc' } });
    }),
};
const writers = Object.values(write);

const rowsOf = (pubkey: Pubkey) =>
  server.query<{ seq: number; kind: string; subject_id: string }>(
    'SELECT seq, kind, subject_id FROM tenant_event WHERE tenant_pubkey = $1 ORDER BY seq',
    [pubkey],
  );
const seen = ({ seq, kind, row }: TenantEvent) => ({ seq, kind, subject_id: row.id });

it('tells activity in the order of its seq, and an invoice and a message when they are made and when they end', async () => {
  const pubkey = await newTenant();
  for (const step of ['activity', 'invoice', 'message', 'activity', 'sent', 'paid', 'activity'] as const) {
    await write[step](pubkey);
  }
  const events = await eventStore(open.gateway.client).after(pubkey, 0, { limit: 100 });
  expect(events.map(({ kind }) => kind)).toEqual([
    'activity', // the account itself
    'activity',
    'invoice',
    'message',
    'activity',
    'message',
    'invoice',
    'activity',
  ]);
  expect(events.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  const activity = events.flatMap((event) => (event.kind === 'activity' ? [event.row.seq] : []));
  expect(activity).toEqual([1, 2, 3, 4]);
});

it('is silent about everything that changes nothing a tenant can see', async () => {
  const pubkey = await newTenant();
  await write.invoice(pubkey);
  await write.message(pubkey);
  const before = await rowsOf(pubkey);
  await open.billing.client.invoice.updateMany({ where: { tenantPubkey: pubkey }, data: { tries: 3 } });
  await open.robot.client.message.updateMany({ where: { tenantPubkey: pubkey }, data: { tries: 3, error: 'later' } });
  expect(await rowsOf(pubkey)).toEqual(before);
});

it('misses nothing and repeats nothing: pieces read in the middle of a storm of commits make the whole, in order', async () => {
  const tenants = [await newTenant(), await newTenant()];
  let storming = true;
  const storm = Promise.all(
    tenants.flatMap((pubkey) =>
      writers.map(async (writer, place) => {
        for (let round = 0; round < 30; round += 1) await writer(tenants[(round + place) % 2] ?? pubkey);
      }),
    ),
  ).finally(() => {
    storming = false;
  });
  const { after, heads } = eventStore(open.gateway.client);
  const follow = async (pubkey: Pubkey): Promise<TenantEvent[]> => {
    const read: TenantEvent[] = [];
    for (let done = false; ;) {
      // A reader that comes back as often as it can, with pieces of every size.
      const piece = await after(pubkey, read.at(-1)?.seq ?? 0, { limit: 1 + (read.length % 7) });
      read.push(...piece);
      if (piece.length === 0 && done) return read;
      done = !storming;
    }
  };
  const read = await Promise.all(tenants.map(follow));
  await storm;

  for (const [index, pubkey] of tenants.entries()) {
    const rows = await rowsOf(pubkey);
    expect(read[index]?.map(seen)).toEqual(rows);
    expect(rows.map(({ seq }) => seq)).toEqual(rows.map((_, place) => place + 1));
    expect((await heads([pubkey])).get(pubkey)).toBe(rows.length);
    const activity = (read[index] ?? []).flatMap((event) => (event.kind === 'activity' ? [event.row.seq] : []));
    expect(activity).toEqual([...activity].sort((a, b) => a - b));
    const told = new Set(rows.map(({ subject_id }) => subject_id));
    for (const table of ['activity', 'invoice', 'message']) {
      const written = await server.query<{ id: string }>(`SELECT id FROM ${table} WHERE tenant_pubkey = $1`, [pubkey]);
      expect(written.filter(({ id }) => !told.has(id))).toEqual([]);
    }
  }
});

it('nobody but the triggers writes events', async () => {
  const pubkey = await newTenant();
  for (const { client } of Object.values(open)) {
    const data = { tenantPubkey: pubkey, seq: 1000, kind: 'activity', subjectId: 'forged' };
    await expect(client.tenantEvent.create({ data, select: { seq: true } })).rejects.toThrow('denied');
  }
});

it('a message to a key without an account is no event and no error', async () => {
  const stranger = newPubkey();
  const message = { tenantPubkey: stranger, template: 'paused', subject: 'x', params: {} };
  await addMessages(open.billing.client, [message], deps);
  expect(await rowsOf(stranger)).toEqual([]);
  expect(await eventStore(open.gateway.client).heads([stranger])).toEqual(new Map());
});
