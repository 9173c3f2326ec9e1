import { idMaker, idSchema, manualClock, pubkeySchema, systemClock } from '@caravel/domain';
import type { Id } from '@caravel/domain';
import { addMessages, openDatabase } from '@caravel/platform-data-access';
import type { Database } from '@caravel/platform-data-access';
import { createTestDatabase } from '@caravel/testing';
import type { TestDatabase } from '@caravel/testing';
import { messageStore } from './message-store.js';
import type { MessageStore } from './message-store.js';

const START_S = 1_790_000_000;
const alice = pubkeySchema.parse('a'.repeat(64));
const bob = pubkeySchema.parse('b'.repeat(64));
const newId = idMaker(systemClock);
const at = (seconds: number) => new Date((START_S + seconds) * 1000);

describe('the message store', () => {
  let database: TestDatabase;
  let robot: Database;
  let other: Database;
  let store: MessageStore;
  const clock = manualClock(START_S);
  let subject = 0;

  beforeAll(async () => {
    database = await createTestDatabase();
    robot = openDatabase(database.url('robot'));
    other = openDatabase(database.url('robot'));
    store = messageStore(robot.client);
  });
  beforeEach(() =>
    database.query('TRUNCATE message, message_delivery, relay, invoice, tenant, tenant_history CASCADE'),
  );
  afterAll(async () => {
    await robot.close();
    await other.close();
    await database.drop();
  });

  const add = async (seconds: number, tenantPubkey = alice, notBefore?: Date): Promise<void> => {
    clock.set(START_S + seconds);
    subject += 1;
    const message = { tenantPubkey, template: 'invoice-due', subject: String(subject), params: { amount_cents: 500 } };
    await addMessages(robot.client, [{ ...message, ...(notBefore && { notBefore }) }], { clock, newId });
  };
  const claim = async (seconds: number) => {
    const claimed = await store.claimNext(alice, { now: at(seconds), until: at(seconds + 60) });
    if (!claimed) throw new Error('nothing was due');
    return claimed;
  };
  const row = async (id: Id) => {
    const [found] = await database.query('SELECT * FROM message WHERE id = $1', [id]);
    return found;
  };

  it('claims the oldest due message with what the row says', async () => {
    await add(5);
    await add(0);
    await expect(store.claimNext(alice, { now: at(10), until: at(70) })).resolves.toEqual({
      id: expect.any(String),
      tenantPubkey: alice,
      template: 'invoice-due',
      params: { amount_cents: 500 },
      createdAt: at(0),
      tries: 1,
      text: null,
      claimedUntil: at(70),
    });
  });

  it('gives a message to one of many who claim at the same instant', async () => {
    await add(0);
    await add(0);
    const second = messageStore(other.client);
    const claimed = await Promise.all(
      Array.from({ length: 20 }, (_, n) => (n % 2 ? store : second).claimNext(alice, { now: at(1), until: at(61) })),
    );
    const ids = claimed.flatMap((message) => (message ? [message.id] : []));
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThanOrEqual(1);
    expect(ids.length).toBeLessThanOrEqual(2);
  });

  it('gives a claimed message to the next one when its claimer has crashed', async () => {
    await add(0);
    const first = await claim(1);
    await expect(store.claimNext(alice, { now: at(60), until: at(120) })).resolves.toBeNull();
    await expect(claim(61)).resolves.toMatchObject({ id: first.id, tries: 2 });
  });

  it('leaves a message alone until its time has come, and other tenants’ messages', async () => {
    await add(0, alice, at(600));
    await add(0, bob);
    await expect(store.claimNext(alice, { now: at(599), until: at(700) })).resolves.toBeNull();
    await expect(claim(600)).resolves.toMatchObject({ tenantPubkey: alice });
  });

  it('lists the tenants of due messages, the longest due first, each once', async () => {
    await add(2, alice);
    await add(1, bob);
    await add(3, bob);
    await expect(store.dueTenants({ now: at(10), limit: 10 })).resolves.toEqual([bob, alice]);
    await expect(store.dueTenants({ now: at(1), limit: 10 })).resolves.toEqual([bob]);
    await expect(store.dueTenants({ now: at(0), limit: 10 })).resolves.toEqual([]);
  });

  it.each([
    ['sent', (store: MessageStore, message: Claimed) => store.markSent(message, at(2)), { sent_at: at(2) }],
    ['cancelled', (store: MessageStore, message: Claimed) => store.cancel(message, at(2)), { cancelled_at: at(2) }],
    [
      'undeliverable',
      (store: MessageStore, message: Claimed) => store.markUndeliverable(message, { at: at(2), error: 'refused' }),
      { undeliverable_at: at(2), error: 'refused' },
    ],
  ])('never gives out a message that is %s', async (_, end, columns) => {
    await add(0);
    const message = await claim(1);
    await end(store, message);
    await expect(row(message.id)).resolves.toMatchObject({ ...columns, next_try_at: null });
    await expect(store.claimNext(alice, { now: at(1_000_000), until: at(1_000_060) })).resolves.toBeNull();
    await expect(store.dueTenants({ now: at(1_000_000), limit: 10 })).resolves.toEqual([]);
  });

  it('fixes the words of a message once, for every later try', async () => {
    await add(0);
    const first = await claim(1);
    await expect(store.fixText(first, 'as it is')).resolves.toBe('as it is');
    await expect(store.fixText(first, 'as it is called now')).resolves.toBe('as it is');
    await store.markRetry(first, { nextTryAt: at(31), error: 'connection refused' });
    await expect(claim(31)).resolves.toMatchObject({ text: 'as it is' });
  });

  it('fixes no words for a claimer whose claim ran out', async () => {
    await add(0);
    const slow = await claim(1);
    const quick = await claim(61);
    await expect(store.fixText(slow, 'too late')).resolves.toBeNull();
    await expect(store.fixText(quick, 'in time')).resolves.toBe('in time');
    await store.markSent(quick, at(62));
    await expect(store.fixText(quick, 'in time')).resolves.toBeNull();
    await expect(row(quick.id)).resolves.toMatchObject({ text: null });
  });

  it('gives out a message again at the time of its retry', async () => {
    await add(0);
    const message = await claim(1);
    await store.markRetry(message, { nextTryAt: at(31), error: 'connection refused' });
    await expect(row(message.id)).resolves.toMatchObject({ error: 'connection refused', tries: 1 });
    await expect(store.claimNext(alice, { now: at(30), until: at(90) })).resolves.toBeNull();
    await expect(claim(31)).resolves.toMatchObject({ id: message.id, tries: 2 });
  });

  it('counts no try for a message that is given back', async () => {
    await add(0);
    await store.release(await claim(1), at(2));
    await expect(claim(2)).resolves.toMatchObject({ tries: 1 });
  });

  it('ignores what a claimer says whose claim ran out, unless it was sent', async () => {
    await add(0);
    const slow = await claim(1);
    const quick = await claim(61);
    await store.markUndeliverable(slow, { at: at(62), error: 'too late' });
    await store.markRetry(slow, { nextTryAt: at(9999), error: 'too late' });
    await expect(row(quick.id)).resolves.toMatchObject({ next_try_at: at(121), undeliverable_at: null, error: null });
    await store.markSent(slow, at(63));
    await expect(row(quick.id)).resolves.toMatchObject({ sent_at: at(63) });
  });

  it('keeps one row for each relay: the last try, and the first acceptance', async () => {
    await add(0);
    const { id } = await claim(1);
    const refused = { relayUrl: 'wss://two.example', error: 'blocked' };
    await store.recordDeliveries(id, [{ relayUrl: 'wss://one.example', error: null }, refused], at(1));
    await store.recordDeliveries(id, [{ relayUrl: 'wss://one.example', error: 'gone' }], at(2));
    await store.recordDeliveries(id, [], at(3));
    const rows = await database.query(
      `SELECT relay_url, tries, tried_at, accepted_at, error FROM message_delivery WHERE message_id = $1 ORDER BY relay_url`,
      [id],
    );
    expect(rows).toEqual([
      { relay_url: 'wss://one.example', tries: 2, tried_at: at(2), accepted_at: at(1), error: 'gone' },
      { relay_url: 'wss://two.example', tries: 1, tried_at: at(1), accepted_at: null, error: 'blocked' },
    ]);
    await expect(store.wasAccepted(id)).resolves.toBe(true);
    await expect(store.wasAccepted(newId())).resolves.toBe(false);
  });

  it('names the paid relays there were when the message was written', async () => {
    await database.query('INSERT INTO tenant (pubkey, created_at) VALUES ($1, $2)', [alice, at(0)]);
    await addRelay({ name: 'Book club', subdomain: 'books', createdAt: at(1) });
    await addRelay({ name: ' ', subdomain: 'nameless', createdAt: at(2) });
    await addRelay({ name: 'Free one', subdomain: 'free', createdAt: at(3), plan: 'free' });
    await addRelay({ name: 'Gone before', subdomain: 'before', createdAt: at(4), deletedAt: at(5) });
    await addRelay({ name: 'Gone since', subdomain: 'since', createdAt: at(6), deletedAt: at(20) });
    await addRelay({ name: 'Too new', subdomain: 'new', createdAt: at(11) });
    const names = ['Book club', 'nameless.relays.example', 'Gone since'];
    await expect(store.relayNames(alice, { asOf: at(10), limit: 9 })).resolves.toEqual(names);
    await expect(store.relayNames(alice, { asOf: at(10), limit: 1 })).resolves.toEqual(['Book club']);
    await expect(store.relayNames(bob, { asOf: at(10), limit: 9 })).resolves.toEqual([]);
  });

  it('tells whether an invoice is open, paid or void, and nothing about another tenant’s', async () => {
    const open = await addInvoice();
    const paid = await addInvoice('paid_at');
    const voided = await addInvoice('voided_at');
    await expect(store.invoiceFacts(alice, open)).resolves.toEqual({ amountCents: 500, state: 'open' });
    await expect(store.invoiceFacts(alice, paid)).resolves.toMatchObject({ state: 'paid' });
    await expect(store.invoiceFacts(alice, voided)).resolves.toMatchObject({ state: 'void' });
    await expect(store.invoiceFacts(bob, open)).resolves.toBeNull();
    await expect(store.invoiceFacts(alice, idSchema.parse(newId()))).resolves.toBeNull();
  });

  async function addInvoice(end?: 'paid_at' | 'voided_at'): Promise<Id> {
    const id = newId();
    await database.query(
      `INSERT INTO invoice (id, tenant_pubkey, cause, kind, amount_cents, period_start, period_end, issued_at, created_at)
       VALUES ($1, $2, $1, 'interim', 500, $3, $4, $3, $3)`,
      [id, alice, at(0), at(86_400)],
    );
    if (end === 'paid_at')
      await database.query(`UPDATE invoice SET paid_at = $2, method = 'oob' WHERE id = $1`, [id, at(1)]);
    if (end === 'voided_at') {
      await database.query(`UPDATE invoice SET voided_at = $2, void_reason = 'recut' WHERE id = $1`, [id, at(1)]);
    }
    return id;
  }

  async function addRelay(relay: TestRelay): Promise<void> {
    const { name, subdomain, createdAt, plan = 'basic', deletedAt = null } = relay;
    await database.query(
      `INSERT INTO relay (id, tenant_pubkey, subdomain, zooid_domain, schema, plan_id, status, info_name, created_at,
         deleted_at, policy_public_read, policy_public_write, policy_public_join, policy_strip_signatures, groups_enabled,
         management_enabled, members_can_invite, blossom_enabled, livekit_enabled, push_enabled)
       VALUES ($1, $2, $3, 'relays.example', $4, $5, 'active', $6, $7, $8, false, false, false, false, false, false, false,
         false, false, false)`,
      [newId(), alice, subdomain, `r_${subdomain}`, plan, name, createdAt, deletedAt],
    );
  }
});

type Claimed = Parameters<MessageStore['cancel']>[0];

interface TestRelay {
  name: string;
  subdomain: string;
  createdAt: Date;
  plan?: string;
  deletedAt?: Date;
}
