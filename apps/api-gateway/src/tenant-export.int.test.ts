import { api as contract } from '@caravel/api-contract';
import { startTestGateway } from './testing/test-gateway.js';
import type { TestGateway } from './testing/test-gateway.js';
import { newThings } from './testing/things.js';
import { newUser } from './testing/users.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.close());

const exported = async (pubkey: string, header: string) => {
  const response = await fetch(`${gateway.url}/tenants/${pubkey}/export`, { headers: { authorization: header } });
  return { status: response.status, text: await response.text() };
};

it('GET /tenants/:pubkey/export has everything of the tenant, nothing of others, and no secret', async () => {
  const canary = 'CANARY-71aa';
  const { owner, relayId, invoiceId } = await newThings(gateway);
  await newThings(gateway);
  await gateway.database.query(
    'INSERT INTO tenant_wallet (tenant_pubkey, sealed_url, seal_pubkey, updated_at) VALUES ($1, $2, $2, now())',
    [owner.pubkey, canary],
  );
  await gateway.database.query('INSERT INTO relay_sync (relay_id, sealed_secret) VALUES ($1, $2)', [relayId, canary]);
  const { status, text } = await exported(owner.pubkey, owner.header);
  expect(status).toBe(200);
  expect(text).not.toContain(canary);
  const all = contract.exportTenant.answer.parse(JSON.parse(text));
  expect(all.tenant).toMatchObject({ pubkey: owner.pubkey, nwc_is_set: true });
  expect(all.relays.map(({ id }) => id)).toContain(relayId);
  expect(all.invoices).toMatchObject([{ id: invoiceId, items: [{ amount: 500 }] }]);
  expect(all.draft_items).toMatchObject([{ amount: 180 }]);
  expect(all.messages).toHaveLength(1);
  expect(all.activity.map(({ activity_type: type }) => type).at(-1)).toBe('create_tenant');
  const owners = [...all.relays, ...all.messages, ...all.activity].map(({ tenant_pubkey: pubkey }) => pubkey);
  expect(new Set(owners)).toEqual(new Set([owner.pubkey]));
});

it('is for the tenant and admins, and of a new account it is short', async () => {
  const { owner } = await newThings(gateway);
  const stranger = newUser();
  expect((await exported(owner.pubkey, stranger.header)).status).toBe(403);
  expect((await exported(stranger.pubkey, stranger.header)).status).toBe(404);
});
