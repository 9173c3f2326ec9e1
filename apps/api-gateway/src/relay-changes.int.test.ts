import { relayMembers, relayPreview } from '@caravel/contracts';
import { cents } from '@caravel/domain';
import { answers } from '@caravel/queue';
import type { Api } from './testing/api.js';
import { codeCoverage } from './testing/code-coverage.js';
import { expectShape } from './testing/shapes.js';
import { startTestGateway } from './testing/test-gateway.js';
import type { TestGateway } from './testing/test-gateway.js';
import { ADMIN, newUser } from './testing/users.js';
import type { User } from './testing/users.js';

let gateway: TestGateway;
let api: Api;
let coverage: ReturnType<typeof codeCoverage>;
let user: User;
let names = 0;
beforeAll(async () => {
  gateway = await startTestGateway({ MAX_FREE_RELAYS_PER_TENANT: '1' });
  coverage = codeCoverage(gateway.url);
  ({ api } = coverage);
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
    await sql(`UPDATE plan SET hidden = true WHERE id = 'growth'`);
    expect(await code({ plan_id: 'growth' })).toBe('plan-hidden');
    await sql(`UPDATE plan SET hidden = false WHERE id = 'growth'`);
    const members = Array.from({ length: 11 }, () => newUser().pubkey);
    gateway.answerCalls('relay-provisioner', [answers(relayMembers, () => Promise.resolve({ members }))]);
    await sql('UPDATE relay SET applied_generation = generation WHERE id = $1', id);
    expect(await code({ plan_id: 'free' })).toBe('too-many-members');
    members.length = 0;
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

describe('DELETE /relays/:id', () => {
  const code = async (call: string, as = user) => (await api(call, { as })).body.code;
  const stopped = async (): Promise<string> => {
    const id = await newRelay();
    await api(`POST /relays/${id}/deactivate`, { as: user });
    return id;
  };
  const ago = (id: string, days: number) =>
    sql('UPDATE relay SET deleted_at = now() - make_interval(days => $2) WHERE id = $1', id, days);

  it('is refused while the relay runs, or zooid has not heard that it is stopped', async () => {
    const id = await newRelay();
    expect(await code(`DELETE /relays/${id}`)).toBe('relay-active');
    await api(`POST /relays/${id}/deactivate`, { as: user });
    await sql('UPDATE relay SET applied_generation = 1 WHERE id = $1', id);
    expect(await code(`DELETE /relays/${id}`)).toBe('relay-active');
    await sql('UPDATE relay SET applied_generation = generation WHERE id = $1', id);
    expect(await code(`DELETE /relays/${id}`, newUser())).toBe('not-found');
    expect(await code(`DELETE /relays/${id}`)).toBe('ok');
  });

  it('takes it out of sight and notes who did it; its name stays with its owner; reactivating brings it back', async () => {
    const id = await stopped();
    const { body } = await api(`DELETE /relays/${id}`, { as: ADMIN });
    expectShape(body.data, 'relay');
    expect(await code(`GET /relays/${id}`)).toBe('not-found');
    expect(await code(`DELETE /relays/${id}`)).toBe('not-found');
    expect((await api(`GET /tenants/${user.pubkey}/relays`, { as: user })).body.data).toEqual([]);
    expect((await historyOf(id)).at(-1)).toEqual({ type: 'update_relay', actor: ADMIN.pubkey });

    const stranger = newUser();
    await api('POST /tenants', { as: stranger });
    const same = { subdomain: (body.data as { subdomain: string }).subdomain, plan_id: 'basic' };
    expect((await api('POST /relays', { as: stranger, body: same })).body.code).toBe('subdomain-exists');
    expect(await code(`POST /relays/${id}/reactivate`, stranger)).toBe('not-found');

    const back = await api(`POST /relays/${id}/reactivate`, { as: user });
    expect([back.status, back.body.data]).toMatchObject([200, { id, status: 'active', synced: 0 }]);
    expect((await historyOf(id)).at(-1)).toEqual({ type: 'activate_relay', actor: user.pubkey });
  });

  it('can be had back for 30 days, and not when its name was taken again', async () => {
    const [old, fresh, taken] = [await stopped(), await stopped(), await stopped()];
    for (const id of [old, fresh, taken]) await api(`DELETE /relays/${id}`, { as: user });
    await ago(old, 31);
    await ago(fresh, 29);
    expect(await code(`POST /relays/${old}/reactivate`)).toBe('not-found');
    expect(await code(`POST /relays/${fresh}/reactivate`)).toBe('ok');
    const [name] = await sql('SELECT subdomain FROM relay WHERE id = $1', taken);
    await api('POST /relays', { as: user, body: { subdomain: name?.['subdomain'], plan_id: 'basic' } });
    expect(await code(`POST /relays/${taken}/reactivate`)).toBe('subdomain-exists');
  });

  it('comes back only where there is room', async () => {
    const id = await stopped();
    await api(`DELETE /relays/${id}`, { as: user });
    for (let each = 0; each < 5; each += 1) await newRelay();
    expect(await code(`POST /relays/${id}/reactivate`)).toBe('relay-limit');
  });
});

it('every route here was seen with every code of its own', () => {
  expect(coverage.unseen('relay-changes')).toEqual([]);
});
