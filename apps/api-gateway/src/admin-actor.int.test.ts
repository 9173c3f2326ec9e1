import { apiClient } from './testing/api.js';
import { startTestGateway } from './testing/test-gateway.js';
import type { TestGateway } from './testing/test-gateway.js';
import { ADMIN, newUser } from './testing/users.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
  await gateway.publishSealingKey();
});
afterAll(() => gateway.close());

/** Void, adjust, refund and clear-grace are billing's: its tests show the same of them. */
it('what an admin does for a tenant is in the tenant’s log with the admin as actor', async () => {
  const api = apiClient(gateway.url);
  const as = ADMIN;
  const tenant = newUser();
  await api('POST /tenants', { as: tenant });
  const body = { tenant_pubkey: tenant.pubkey, subdomain: 'for-you', plan_id: 'basic' };
  const { data } = (await api('POST /relays', { as, body })).body;
  const { id } = data as { id: string };
  const wallet = `nostr+walletconnect://${'a'.repeat(64)}?relay=wss%3A%2F%2Frelay.example&secret=${'b'.repeat(64)}`;
  const done = [
    await api(`PUT /tenants/${tenant.pubkey}`, { as, body: { nwc_url: wallet } }),
    await api(`PUT /relays/${id}`, { as, body: { info_name: 'Renamed' } }),
    await api(`POST /relays/${id}/deactivate`, { as }),
    await api(`POST /relays/${id}/reactivate`, { as }),
  ];
  expect(done.map(({ status }) => status)).toEqual([200, 200, 200, 200]);

  const log = await gateway.database.query(
    'SELECT type FROM activity WHERE tenant_pubkey = $1 AND actor = $2 ORDER BY seq',
    [tenant.pubkey, ADMIN.pubkey],
  );
  const types = ['create_relay', 'update_tenant', 'update_relay', 'deactivate_relay', 'activate_relay'];
  expect(log).toEqual(types.map((type) => ({ type })));
});
