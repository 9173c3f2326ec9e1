import { invoiceReconcile } from '@caravel/contracts';
import { answers } from '@caravel/queue';
import { generateSecret, secretSigner } from '@caravel/nostr';
import { apiClient } from './testing/api.js';
import type { Api } from './testing/api.js';
import { startTestGateway } from './testing/test-gateway.js';
import type { TestGateway } from './testing/test-gateway.js';
import { newThings } from './testing/things.js';
import type { Things } from './testing/things.js';
import { newUser } from './testing/users.js';

/** What the client does that no rule of ours would make us think of (`caravel.md` section 3). */
describe('Flotilla', () => {
  let gateway: TestGateway;
  let api: Api;
  let things: Things;
  beforeAll(async () => {
    gateway = await startTestGateway({ PROVISIONER_URL: 'http://127.0.0.1:9' });
    api = apiClient(gateway.url);
    await gateway.publishSealingKey();
    gateway.answerCalls('billing-service', [answers(invoiceReconcile, () => Promise.resolve({ done: true as const }))]);
  });
  afterAll(() => gateway.close());
  beforeEach(async () => {
    things = await newThings(gateway);
  });

  it('asks for the relays of a key that hosts nothing, and is told 404', async () => {
    const nobody = newUser();
    expect((await api(`GET /tenants/${nobody.pubkey}/relays`, { as: nobody })).status).toBe(404);
  });

  it('shows a relay on a plan that is hidden by now', async () => {
    await gateway.database.query("UPDATE plan SET hidden = true WHERE id = 'basic'");
    const { data } = (await api('GET /plans')).body;
    expect(data).toContainEqual(expect.objectContaining({ id: 'basic', hidden: true }));
    expect(data).toContainEqual(expect.objectContaining({ id: 'free', amount: 0, blossom: false, livekit: false }));
    await gateway.database.query('UPDATE plan SET hidden = false');
  });

  it('reads a relay right after it was stopped or started, and sees it', async () => {
    const { owner: as, relayId } = things;
    for (const [action, status] of Object.entries({ deactivate: 'inactive', reactivate: 'active' })) {
      await api(`POST /relays/${relayId}/${action}`, { as });
      expect((await api(`GET /relays/${relayId}`, { as })).body.data).toMatchObject({ status });
    }
  });

  it.each([
    ['paid_at', "method = 'nwc'"],
    ['voided_at', "void_reason = 'forgive'"],
  ])('reconciles an invoice that has %s', async (column, how) => {
    const { owner: as, invoiceId } = things;
    await gateway.database.query(`UPDATE invoice SET ${column} = now(), ${how} WHERE id = $1`, [invoiceId]);
    const { status, body } = await api(`POST /invoices/${invoiceId}/reconcile`, { as });
    expect([status, body.data]).toEqual([200, expect.objectContaining({ [column]: expect.any(Number) })]);
  });

  it('creates relays on whichever of our domains it chose', async () => {
    const body = { subdomain: 'elsewhere', plan_id: 'free', zooid_domain: 'other.example' };
    const { data } = (await api('POST /relays', { as: things.owner, body })).body;
    expect(data).toMatchObject({ zooid_domain: 'other.example' });
  });

  it.each(['nostr+walletconnect://', 'nostrwalletconnect://'])('connects wallets spelled %s', async (scheme) => {
    const wallet = secretSigner(generateSecret()).pubkey;
    const rest = `relay=wss://a.example/v1&relay=wss://b.example&pubkey=${wallet}&lud16=me@wallet.example`;
    const nwc_url = `${scheme}${wallet}?${rest}&secret=${generateSecret()}`;
    const { body } = await api(`PUT /tenants/${things.owner.pubkey}`, { as: things.owner, body: { nwc_url } });
    expect(body.data).toMatchObject({ nwc_is_set: true });
  });

  it('offers export and import, and shows why they do not work while there is no provisioner', async () => {
    const { owner: as, relayId } = things;
    const lines = '{"kind":1}\n'.repeat(60_000); // more than any other body may have
    for (const [call, body] of [
      [`GET /relays/${relayId}/export`],
      [`POST /relays/${relayId}/import`, lines],
    ] as const) {
      const answer = await api(call, { as, ...(body !== undefined && { body }) });
      expect(answer.body).toMatchObject({ code: 'service-unavailable' });
      expect(answer.body.error).toMatch(/^\S+ .+\.$/);
    }
  });
});
