import { apiClient } from './testing/api.js';
import type { Api } from './testing/api.js';
import { startTestGateway } from './testing/test-gateway.js';
import type { TestGateway } from './testing/test-gateway.js';
import { ADMIN, newUser } from './testing/users.js';
import type { User } from './testing/users.js';

describe('H4: an account that is past due', () => {
  let gateway: TestGateway;
  let api: Api;
  let user: User;
  let names = 0;
  beforeAll(async () => {
    gateway = await startTestGateway();
    api = apiClient(gateway.url);
  });
  afterAll(() => gateway.close());

  const create = async (plan_id: string, as = user) => {
    names += 1;
    const body = { subdomain: `past-due-${names}`, plan_id, tenant_pubkey: user.pubkey };
    return (await api('POST /relays', { as, body })).body;
  };
  const relayOn = async (plan: string) => ((await create(plan)).data as { id: string }).id;
  const codeOf = async (call: string, body: object = {}, as = user) => (await api(call, { as, body })).body.code;
  const statusOf = async (id: string) => (await api(`GET /relays/${id}`, { as: user })).body.data;

  /** As billing writes it. */
  const churn = async () => {
    await gateway.database.query(
      `INSERT INTO tenant_billing (tenant_pubkey, churned_at) VALUES ($1, now())
       ON CONFLICT (tenant_pubkey) DO UPDATE SET churned_at = now()`,
      [user.pubkey],
    );
    await gateway.database.query(
      `UPDATE relay SET status = 'delinquent' WHERE tenant_pubkey = $1 AND status = 'active' AND plan_id <> 'free'`,
      [user.pubkey],
    );
  };
  beforeEach(async () => {
    user = newUser();
    await api('POST /tenants', { as: user });
  });

  it('has no way to a paid relay that runs: not by creating, reactivating or upgrading', async () => {
    const [paused, stopped, free] = [await relayOn('basic'), await relayOn('growth'), await relayOn('free')];
    await churn();
    expect((await create('basic')).code).toBe('account-past-due');
    expect(await codeOf(`POST /relays/${paused}/reactivate`)).toBe('relay-delinquent');
    expect(await codeOf(`PUT /relays/${paused}`, { plan_id: 'growth' })).toBe('account-past-due');
    expect(await codeOf(`PUT /relays/${free}`, { plan_id: 'basic' })).toBe('account-past-due');

    expect(await codeOf(`POST /relays/${stopped}/deactivate`)).toBe('ok');
    expect(await codeOf(`POST /relays/${stopped}/reactivate`)).toBe('account-past-due');
    expect(await statusOf(stopped)).toMatchObject({ status: 'inactive' });
    expect(await statusOf(paused)).toMatchObject({ status: 'delinquent', plan_id: 'basic' });
  });

  it('keeps what is free, and can make a paused relay free', async () => {
    const paused = await relayOn('basic');
    await churn();
    const free = await relayOn('free');
    expect(await statusOf(free)).toMatchObject({ status: 'active' });
    expect(await codeOf(`POST /relays/${free}/deactivate`)).toBe('ok');
    expect(await codeOf(`POST /relays/${free}/reactivate`)).toBe('ok');
    expect(await codeOf(`PUT /relays/${paused}`, { plan_id: 'free' })).toBe('ok');
    expect(await statusOf(paused)).toMatchObject({ status: 'active', plan_id: 'free' });
    expect(await codeOf(`PUT /relays/${paused}`, { plan_id: 'basic' })).toBe('account-past-due');
  });

  it('does not bind an admin, except that only paying brings back a paused relay', async () => {
    const [paused, free] = [await relayOn('basic'), await relayOn('free')];
    await churn();
    expect((await create('growth', ADMIN)).code).toBe('ok');
    expect(await codeOf(`PUT /relays/${free}`, { plan_id: 'basic' }, ADMIN)).toBe('ok');
    expect(await codeOf(`POST /relays/${paused}/reactivate`, {}, ADMIN)).toBe('relay-delinquent');
    await codeOf(`POST /relays/${paused}/deactivate`, {}, ADMIN);
    expect(await codeOf(`POST /relays/${paused}/reactivate`, {}, ADMIN)).toBe('ok');
  });
});
