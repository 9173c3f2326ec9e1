import { checkoutSession, tenantAdjust } from '@caravel/contracts';
import { AppError } from '@caravel/domain';
import { answers } from '@caravel/queue';
import { apiClient } from './testing/api.js';
import type { Api } from './testing/api.js';
import { seedInvoice } from './testing/seed-invoice.js';
import { startTestGateway } from './testing/test-gateway.js';
import type { TestGateway } from './testing/test-gateway.js';
import { ADMIN, newUser } from './testing/users.js';
import type { User } from './testing/users.js';

const REASON = 'Agreed by mail';

let gateway: TestGateway;
let api: Api;
/** What billing is asked, and how it answers. */
const asked: { commandId: string; amountCents: number }[] = [];
const done = new Set<string>();
let adjusting: 'done' | 'refused' | 'done, but nobody hears of it' = 'done';
let pages = 0;

beforeAll(async () => {
  gateway = await startTestGateway({ MAX_RELAYS_PER_TENANT: '100', MAX_FREE_RELAYS_PER_TENANT: '100' });
  api = apiClient(gateway.url);
  gateway.answerCalls('billing-service', [
    answers(tenantAdjust, (command) => {
      asked.push(command);
      if (adjusting === 'refused') return Promise.resolve({ refused: 'invoice-not-payable' as const, message: 'No.' });
      done.add(command.commandId);
      if (adjusting === 'done') return Promise.resolve({ done: true as const });
      throw new AppError('service-unavailable', 'the connection broke');
    }),
    answers(checkoutSession, ({ invoiceId }) => {
      pages += 1;
      return Promise.resolve({ url: `https://pay.example/${invoiceId}#secret` });
    }),
  ]);
});
afterAll(() => gateway.close());

let names = 0;
const newName = () => `once-${(names += 1)}`;
async function signedUp(): Promise<User> {
  const user = newUser();
  await api('POST /tenants', { as: user });
  return user;
}
const under = (key: string) => ({ 'Idempotency-Key': key });
const create = (as: User, key: string, changes: object = {}) =>
  api('POST /relays', { as, headers: under(key), body: { subdomain: newName(), plan_id: 'basic', ...changes } });
const isReplay = ({ headers }: { headers: Headers }) => headers.get('idempotent-replayed') === 'true';
const relaysOf = async ({ pubkey }: User) => {
  const [row] = await gateway.database.query<{ relays: number; facts: number }>(
    `SELECT (SELECT count(*)::int FROM relay WHERE tenant_pubkey = $1) AS relays,
            (SELECT count(*)::int FROM activity WHERE tenant_pubkey = $1 AND type = 'create_relay') AS facts`,
    [pubkey],
  );
  return row;
};

describe('a command under an Idempotency-Key', () => {
  it('is done once; a repeat is answered the same, byte for byte, and says so', async () => {
    const user = await signedUp();
    const body = JSON.stringify({ subdomain: newName(), plan_id: 'basic' });
    const send = async () => {
      const authorization = user.header;
      const answer = await fetch(`${gateway.url}/relays`, {
        method: 'POST',
        headers: { authorization, ...under('k') },
        body,
      });
      return { status: answer.status, replayed: answer.headers.get('idempotent-replayed'), text: await answer.text() };
    };
    const first = await send();
    expect(first).toMatchObject({ status: 201, replayed: null });
    expect(await send()).toEqual({ ...first, replayed: 'true' });
    expect(await relaysOf(user)).toEqual({ relays: 1, facts: 1 });
  });

  it('is what happened then, not what is now', async () => {
    const user = await signedUp();
    const { id } = (await create(user, 'k')).body.data as { id: string };
    const stop = () => api(`POST /relays/${id}/deactivate`, { as: user, headers: under('stop') });
    expect((await stop()).body.data).toMatchObject({ status: 'inactive' });
    await api(`POST /relays/${id}/reactivate`, { as: user, headers: under('start') });
    const repeat = await stop();
    expect([isReplay(repeat), repeat.body.data]).toEqual([true, expect.objectContaining({ status: 'inactive' })]);
    expect((await api(`GET /relays/${id}`, { as: user })).body.data).toMatchObject({ status: 'active' });
  });

  it('with another body is a mismatch', async () => {
    const user = await signedUp();
    await create(user, 'k');
    const other = await create(user, 'k');
    expect([other.status, other.body.code, isReplay(other)]).toEqual([422, 'idempotency-mismatch', false]);
    expect(await relaysOf(user)).toEqual({ relays: 1, facts: 1 });
  });

  it('of another key or on another path is another command', async () => {
    const [alice, bob] = [await signedUp(), await signedUp()];
    const [hers, his] = [await create(alice, 'k'), await create(bob, 'k')];
    expect([hers, his].map(({ status, headers }) => [status, isReplay({ headers })])).toEqual([
      [201, false],
      [201, false],
    ]);
    const { id } = hers.body.data as { id: string };
    const stopped = await api(`POST /relays/${id}/deactivate`, { as: alice, headers: under('k') });
    const started = await api(`POST /relays/${id}/reactivate`, { as: alice, headers: under('k') });
    expect([stopped.status, isReplay(stopped), started.status, isReplay(started)]).toEqual([200, false, 200, false]);
  });

  it('that is refused changes nothing and frees its key: the same request can succeed later', async () => {
    const user = await signedUp();
    const body = { subdomain: newName() };
    const churned = (at: string) =>
      gateway.database.query(
        `INSERT INTO tenant_billing (tenant_pubkey, churned_at) VALUES ($1, ${at})
         ON CONFLICT (tenant_pubkey) DO UPDATE SET churned_at = excluded.churned_at`,
        [user.pubkey],
      );
    await churned('now()');
    expect((await create(user, 'k', body)).body.code).toBe('account-past-due');
    expect((await create(user, 'k', { ...body, plan_id: 'gold' })).body.code).toBe('plan-unknown');
    await churned('NULL');
    const paid = await create(user, 'k', body);
    expect([paid.status, isReplay(paid)]).toEqual([201, false]);
    expect(isReplay(await create(user, 'k', body))).toBe(true);
  });

  it('is done again after 24 hours', async () => {
    const user = await signedUp();
    await create(user, 'k');
    await gateway.database.query(
      "UPDATE idempotency SET created_at = created_at - interval '24 hours' WHERE pubkey = $1",
      [user.pubkey],
    );
    const again = await create(user, 'k');
    expect([again.status, isReplay(again)]).toEqual([201, false]);
    expect(await relaysOf(user)).toEqual({ relays: 2, facts: 2 });
  });

  it.each(['', 'a b', 'x'.repeat(129)])('whose key is %j is refused', async (key) => {
    const user = await signedUp();
    const { status, body } = await create(user, key);
    expect([status, body.code, body.details]).toEqual([
      400,
      'invalid-request',
      [expect.objectContaining({ path: 'Idempotency-Key' })],
    ]);
    expect(await relaysOf(user)).toEqual({ relays: 0, facts: 0 });
  });

  it('is not kept when it needs no account, no signature or names nothing', async () => {
    const nobody = newUser();
    expect((await api('POST /relays', { headers: under('k'), body: {} })).status).toBe(401);
    expect((await api(`POST /relays/${'x'.repeat(5000)}/deactivate`, { as: nobody, headers: under('k') })).status).toBe(
      404,
    );
    expect((await api('POST /relays/%00/deactivate', { as: nobody, headers: under('k') })).status).toBe(404);
    const kept = await gateway.database.query('SELECT FROM idempotency WHERE pubkey = $1', [nobody.pubkey]);
    expect(kept).toEqual([]);
  });

  it('finds its row free while another one of the same tenant runs', async () => {
    const user = await signedUp();
    const many = await Promise.all(Array.from({ length: 30 }, (_, n) => create(user, `k${n}`)));
    expect(new Set(many.map(({ status }) => status))).toEqual(new Set([201]));
    expect(await relaysOf(user)).toEqual({ relays: 30, facts: 30 });
  });
});

describe('a command that billing carries out', () => {
  beforeEach(() => {
    adjusting = 'done';
    asked.length = 0;
    done.clear();
  });
  const adjust = ({ pubkey }: User, amount: number, key = `key of ${pubkey}`.replaceAll(' ', '-')) =>
    api(`POST /tenants/${pubkey}/adjustments`, { as: ADMIN, headers: under(key), body: { amount, reason: REASON } });

  it('is asked for once, and then its answer is known', async () => {
    const user = await signedUp();
    const [first, repeat] = [await adjust(user, 100), await adjust(user, 100)];
    expect([first.status, isReplay(first), repeat.status, isReplay(repeat)]).toEqual([200, false, 200, true]);
    expect(repeat.body).toEqual(first.body);
    expect(asked).toHaveLength(1);
  });

  it('of which nobody knows is asked for again under the same command id, and never for another amount', async () => {
    const user = await signedUp();
    adjusting = 'done, but nobody hears of it';
    expect((await adjust(user, 100)).status).toBe(503);
    expect((await adjust(user, 999)).body.code).toBe('idempotency-mismatch');
    adjusting = 'done';
    expect((await adjust(user, 100)).status).toBe(200);
    expect([asked.length, done.size]).toEqual([2, 1]);
  });

  it('and that it refuses frees its key', async () => {
    const user = await signedUp();
    adjusting = 'refused';
    expect((await adjust(user, 100)).body.code).toBe('invoice-not-payable');
    adjusting = 'done';
    expect((await adjust(user, 200)).status).toBe(200);
  });

  it('for another tenant is another one under the same key', async () => {
    for (const user of [await signedUp(), await signedUp()])
      expect((await adjust(user, 100, 'month-end')).status).toBe(200);
    expect(done.size).toBe(2);
  });

  it('is asked for once when it is sent ten times at once', async () => {
    const user = await signedUp();
    const ten = await Promise.all(Array.from({ length: 10 }, () => adjust(user, 100)));
    expect(new Set(ten.map(({ status }) => status))).toEqual(new Set([200]));
    expect(asked).toHaveLength(1);
  });
});

describe('a page of Stripe', () => {
  it('is asked for again, and nothing of it is kept', async () => {
    const user = await signedUp();
    const id = await seedInvoice(gateway.database, user.pubkey);
    const open = (query = '') => api(`POST /invoices/${id}/checkout${query}`, { as: user, headers: under('k') });
    const [first, repeat] = [await open(), await open()];
    expect([repeat.status, repeat.body, pages]).toEqual([200, first.body, 2]);
    expect((await open('?return_url=https://app.example/x')).body.code).toBe('idempotency-mismatch');
    const rows = await gateway.database.query('SELECT status, answer FROM idempotency WHERE pubkey = $1', [
      user.pubkey,
    ]);
    expect(rows).toEqual([{ status: null, answer: null }]);
  });
});
