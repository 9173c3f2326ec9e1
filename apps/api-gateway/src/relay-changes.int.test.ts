import { relayPreview } from '@caravel/contracts';
import { cents } from '@caravel/domain';
import { answers } from '@caravel/queue';
import { apiClient } from './testing/api.js';
import type { Api } from './testing/api.js';
import { expectShape } from './testing/shapes.js';
import { startTestGateway } from './testing/test-gateway.js';
import type { TestGateway } from './testing/test-gateway.js';
import { ADMIN, newUser } from './testing/users.js';
import type { User } from './testing/users.js';

let gateway: TestGateway;
let api: Api;
let user: User;
let names = 0;
beforeAll(async () => {
  gateway = await startTestGateway({ MAX_FREE_RELAYS_PER_TENANT: '1' });
  api = apiClient(gateway.url);
});
afterAll(() => gateway.close());
beforeEach(async () => {
  user = newUser();
  await api('POST /tenants', { as: user });
});

async function newRelay(plan_id = 'basic'): Promise<string> {
  names += 1;
  const { body } = await api('POST /relays', { as: user, body: { subdomain: `changes-${names}`, plan_id } });
  return (body.data as { id: string }).id;
}
const sql = (text: string, ...values: unknown[]) => gateway.database.query<Record<string, unknown>>(text, values);
const historyOf = (id: string) => sql('SELECT type, actor FROM activity WHERE resource_id = $1 ORDER BY seq', id);

describe('POST /relays/:id/preview', () => {
  const asked: object[] = [];
  const preview = async (id: string, body: object, as = user) => api(`POST /relays/${id}/preview`, { as, body });

  it('is a 503 while billing does not answer, and changes nothing', async () => {
    const id = await newRelay();
    const { status, body } = await preview(id, { plan_id: 'growth' });
    expect([status, body.code]).toEqual([503, 'service-unavailable']);
    expect(await historyOf(id)).toHaveLength(1);
  }, 20_000);

  it('asks billing for the relay as it would be, and tells what it says', async () => {
    gateway.answerCalls('billing-service', [
      answers(relayPreview, (wanted) => {
        asked.push(wanted);
        const item = { planId: wanted.planId, amountCents: cents(250), sats: 3847, description: 'x' };
        return Promise.resolve({
          atS: 1,
          items: [item],
          amountCents: cents(250),
          sats: 3847,
          invoices: [],
          replacedIds: [],
        });
      }),
    ]);
    const id = await newRelay();
    const { status, body } = await preview(id, { plan_id: 'growth' });
    expect(status).toBe(200);
    expectShape(body.data, 'preview');
    expect(body.data).toMatchObject({ plan_id: 'growth', status: 'active', amount: 250, sats: 3847 });
    await preview(id, { status: 'inactive' });
    await preview(id, { status: 'active' }, ADMIN);
    expect(asked).toEqual([
      { relayId: id, planId: 'growth', status: 'active' },
      { relayId: id, planId: 'basic', status: 'inactive' },
      { relayId: id, planId: 'basic', status: 'active' },
    ]);
    expect(await historyOf(id)).toHaveLength(1);
  });

  it('refuses what the change itself refuses', async () => {
    const id = await newRelay();
    const code = async (body: object) => (await preview(id, body)).body.code;
    expect(await code({})).toBe('invalid-request');
    expect(await code({ plan_id: 'growth', status: 'active' })).toBe('invalid-request');
    expect(await code({ plan_id: 'none' })).toBe('plan-unknown');
    await newRelay('free');
    expect(await code({ plan_id: 'free' })).toBe('relay-limit');
    await sql(`UPDATE relay SET status = 'delinquent' WHERE id = $1`, id);
    expect(await code({ status: 'active' })).toBe('relay-delinquent');
    await sql('INSERT INTO tenant_billing (tenant_pubkey, churned_at) VALUES ($1, now())', user.pubkey);
    expect(await code({ plan_id: 'growth' })).toBe('account-past-due');
    expect((await preview(id, { plan_id: 'growth' }, newUser())).status).toBe(404);
  });
});

describe('POST /relays/:id/sync', () => {
  it('starts a relay that was given up afresh, and notes who wanted it', async () => {
    const id = await newRelay();
    await sql('UPDATE relay SET next_sync_at = NULL WHERE id = $1', id);
    await sql(`INSERT INTO relay_sync (relay_id, sync_error, failures) VALUES ($1, 'zooid is away', 6)`, id);
    const { status, body } = await api(`POST /relays/${id}/sync`, { as: ADMIN });
    expect([status, (body.data as { synced: number }).synced]).toEqual([200, 0]);
    const [row] = await sql('SELECT generation, next_sync_at <= now() AS due FROM relay WHERE id = $1', id);
    expect(row).toEqual({ generation: 2, due: true });
    expect(await historyOf(id)).toEqual([
      { type: 'create_relay', actor: user.pubkey },
      { type: 'update_relay', actor: ADMIN.pubkey },
    ]);
  });

  it('leaves a relay alone that is as it should be', async () => {
    const id = await newRelay();
    await sql('UPDATE relay SET applied_generation = generation, next_sync_at = NULL WHERE id = $1', id);
    expect((await api(`POST /relays/${id}/sync`, { as: user })).status).toBe(200);
    expect(await historyOf(id)).toHaveLength(1);
  });
});
