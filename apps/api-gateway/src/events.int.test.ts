import { eventually } from '@caravel/testing';
import { apiClient } from './testing/api.js';
import type { Api } from './testing/api.js';
import { openEvents } from './testing/open-events.js';
import type { OpenEvents } from './testing/open-events.js';
import { seedInvoice, seedMessage } from './testing/seed-invoice.js';
import { expectShape } from './testing/shapes.js';
import { startTestGateway } from './testing/test-gateway.js';
import type { TestGateway } from './testing/test-gateway.js';
import { ADMIN, newUser } from './testing/users.js';
import type { User } from './testing/users.js';

/** `fetch` opens a connection anew after one was cut off, and a server that stops waits for who has not asked yet. */
const CLOSING_MS = 20_000;

describe('GET /tenants/:pubkey/events', () => {
  let gateway: TestGateway;
  let other: TestGateway;
  let api: Api;
  const open: OpenEvents[] = [];
  beforeAll(async () => {
    gateway = await startTestGateway();
    other = await startTestGateway({}, gateway.database);
    api = apiClient(gateway.url);
  });
  afterEach(() => {
    for (const stream of open.splice(0)) stream.close();
  });
  afterAll(async () => {
    await other.close();
    await gateway.close();
  }, CLOSING_MS);

  async function signedUp(): Promise<User> {
    const user = newUser();
    await api('POST /tenants', { as: user });
    return user;
  }
  async function follow(user: User, { as = user, at = gateway, query = '', headers = {} }: Follow = {}) {
    const stream = await openEvents(`${at.url}/tenants/${user.pubkey}/events${query}`, {
      authorization: as.header,
      ...headers,
    });
    open.push(stream);
    return stream;
  }
  const rename = (user: User, url: string) =>
    gateway.database.query(
      `WITH moved AS (UPDATE tenant_history SET seq = seq + 1 WHERE pubkey = $1 RETURNING seq)
       INSERT INTO activity (id, tenant_pubkey, seq, at, type, resource_type, resource_id, actor)
       SELECT gen_random_uuid(), $1, seq, now(), 'update_tenant', 'tenant', $1, $2 FROM moved`,
      [user.pubkey, url],
    );
  const told = (stream: OpenEvents, count: number) =>
    eventually(() => (stream.events.length >= count ? stream.events.slice() : null));
  const headOf = async (user: User) => {
    const [row] = await gateway.database.query<{ seq: number }>(
      'SELECT coalesce(max(seq), 0) AS seq FROM tenant_event WHERE tenant_pubkey = $1',
      [user.pubkey],
    );
    return row?.seq ?? 0;
  };

  it('tells activity, invoices and messages as they happen, in the shapes of the API, whichever gateway wrote them', async () => {
    const user = await signedUp();
    const [here, there] = [await follow(user), await follow(user, { at: other })];
    expect(here.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(here.headers.get('cache-control')).toBe('private, no-store');
    const { body } = await api('POST /relays', { as: user, body: { subdomain: 'streamed', plan_id: 'free' } });
    await seedInvoice(gateway.database, user.pubkey);
    await seedMessage(gateway.database, user.pubkey, { template: 'invoice-due', params: { amount_cents: 500 } });

    const [relay, invoice, message] = await told(here, 3);
    expect(await told(there, 3)).toEqual([relay, invoice, message]);
    expect([relay?.type, invoice?.type, message?.type]).toEqual(['activity', 'invoice', 'message']);
    expect([relay?.id, invoice?.id, message?.id]).toEqual(['2', '3', '4']);
    expect(relay?.data).toMatchObject({ activity_type: 'create_relay', resource_id: (body.data as { id: string }).id });
    expectShape(invoice?.data, 'invoice');
    expectShape(message?.data, 'message');
    const listed = (await api(`GET /tenants/${user.pubkey}/messages`, { as: user })).body.data;
    expect(listed).toEqual([message?.data]);
  });

  it('tells from now on, or after an id in the header or the query; an id that is none is refused', async () => {
    const user = await signedUp();
    await rename(user, 'a');
    const all = await follow(user, { query: '?last_event_id=0' });
    expect((await told(all, 2)).map(({ id }) => id)).toEqual(['1', '2']);
    const rest = await follow(user, { query: '?last_event_id=0', headers: { 'last-event-id': '1' } });
    expect((await told(rest, 1)).map(({ id }) => id)).toEqual(['2']);
    const now = await follow(user);
    await rename(user, 'b');
    expect((await told(now, 1)).map(({ id }) => id)).toEqual(['3']);

    const codeOf = async (query: string, headers = {}) =>
      (await api(`GET /tenants/${user.pubkey}/events${query}`, { as: user, headers })).body.code;
    expect(await codeOf('?last_event_id=-1')).toBe('invalid-request');
    expect(await codeOf('', { 'last-event-id': 'x' })).toBe('invalid-request');
    expect(await codeOf('', { 'last-event-id': '99999999999999999999' })).toBe('invalid-request');
  });

  it('is for the tenant and for admins', async () => {
    const [user, stranger] = [await signedUp(), await signedUp()];
    await follow(user, { as: ADMIN });
    const call = `GET /tenants/${user.pubkey}/events`;
    expect((await api(call)).status).toBe(401);
    expect((await api(call, { as: stranger })).status).toBe(403);
    const nobody = newUser();
    expect((await api(`GET /tenants/${nobody.pubkey}/events`, { as: nobody })).status).toBe(404);
  });

  it('opens five for one key and answers 429 to a sixth, until one is closed', async () => {
    const user = await signedUp();
    const streams = [];
    for (let count = 0; count < 5; count += 1) streams.push(await follow(user));
    const sixth = await api(`GET /tenants/${user.pubkey}/events`, { as: user });
    expect([sixth.status, sixth.body.code, sixth.headers.get('retry-after')]).toEqual([429, 'rate-limited', '1']);
    streams[0]?.close();
    await eventually(() => follow(user));
  });

  it('a reader that is cut off and comes back all the time, in a storm of commits, reads every event once', async () => {
    const user = await signedUp();
    const state = { storming: true };
    const writers = [
      () => rename(user, 'storm'),
      () => seedInvoice(gateway.database, user.pubkey),
      () => seedMessage(gateway.database, user.pubkey, { template: 'paused', params: {} }),
      () => gateway.database.query('UPDATE message SET sent_at = now() WHERE tenant_pubkey = $1', [user.pubkey]),
    ];
    const storm = Promise.all(
      writers.map(async (write) => {
        for (let round = 0; round < 25; round += 1) await write();
      }),
    ).finally(() => {
      state.storming = false;
    });

    const read: string[] = [];
    for (let turn = 0; state.storming || read.length < (await headOf(user)); turn += 1) {
      const at = turn % 2 === 0 ? gateway : other;
      const stream = await follow(user, { at, headers: { 'last-event-id': read.at(-1) ?? '0' } });
      await eventually(
        async () => stream.events.length > 2 || (!state.storming && stream.lastId === String(await headOf(user))),
      );
      stream.close();
      read.push(...stream.events.map(({ id }) => id));
    }
    await storm;
    expect(read).toEqual(Array.from({ length: await headOf(user) }, (_, place) => String(place + 1)));
  });

  it('goes on without its LISTEN connection, and listens again by itself', async () => {
    const user = await signedUp();
    const stream = await follow(user);
    const listeners = () =>
      gateway.database.query<{ pid: number }>(
        `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query = 'listen tenant_event'`,
      );
    await eventually(async () => (await listeners()).length === 2);
    const before = (await listeners()).map(({ pid }) => pid);
    await gateway.database.query('SELECT pg_terminate_backend(pid) FROM unnest($1::int[]) AS pid', [before]);
    await rename(user, 'deaf');
    expect((await told(stream, 1)).map(({ id }) => id)).toEqual(['2']);
    await eventually(async () => (await listeners()).filter(({ pid }) => !before.includes(pid)).length === 2);
    await rename(user, 'hears');
    expect((await told(stream, 2)).map(({ id }) => id)).toEqual(['2', '3']);
  });

  it('never tells what is sealed, who did it, or what a message carries beside its words', async () => {
    const user = await signedUp();
    const canary = 'CANARY-9f2c';
    const { query } = gateway.database;
    const stream = await follow(user, { query: '?last_event_id=0' });
    await api('POST /relays', { as: user, body: { subdomain: 'secretive', plan_id: 'free' } });
    await query(
      `INSERT INTO relay_sync (relay_id, sealed_secret, applied) SELECT id, $2::text, json_build_object('secret', $2::text) FROM relay
       WHERE tenant_pubkey = $1`,
      [user.pubkey, canary],
    );
    await query(
      'INSERT INTO tenant_wallet (tenant_pubkey, sealed_url, seal_pubkey, updated_at) VALUES ($1, $2, $2, now())',
      [user.pubkey, canary],
    );
    await rename(user, canary);
    await seedMessage(gateway.database, user.pubkey, {
      template: 'wallet-failed',
      params: { nwc_url: canary, days: 3 },
    });
    await seedInvoice(gateway.database, user.pubkey);
    const events = await told(stream, 5);
    expect(stream.text()).not.toContain(canary);
    expect(events.map(({ data }) => data.params).filter(Boolean)).toEqual([{ days: 3 }]);
  });

  it('ends with a word when its gateway stops, and goes on at the other one', async () => {
    const third = await startTestGateway({}, gateway.database);
    const user = await signedUp();
    const stream = await follow(user, { at: third });
    await rename(user, 'before');
    await told(stream, 1);
    await third.close();
    await stream.ended;
    expect(stream.text()).toMatch(/: please connect again\nretry: \d+\n\n$/);
    await rename(user, 'while away');
    const resumed = await follow(user, { at: other, headers: { 'last-event-id': stream.lastId } });
    expect((await told(resumed, 1)).map(({ id }) => id)).toEqual(['3']);
  });
});

interface Follow {
  as?: User;
  at?: TestGateway;
  query?: string;
  headers?: Record<string, string>;
}
