import { relaySync } from '@caravel/contracts';
import { createTestDatabase } from '@caravel/testing';
import type { TestDatabase } from '@caravel/testing';
import { apiClient } from './testing/api.js';
import type { Api } from './testing/api.js';
import { startTestGateway } from './testing/test-gateway.js';
import type { TestGateway } from './testing/test-gateway.js';
import { newThings } from './testing/things.js';
import type { Things } from './testing/things.js';

/**
 * This version beside the next one. What the next one may do (architecture.md, rule 6): add columns and tables while we
 * serve, and write rows that say more than we know.
 */
describe('two gateways on one database, while the next version’s migration runs', () => {
  let database: TestDatabase;
  let before: TestGateway;
  let after: TestGateway;
  let apis: Api[];
  let things: Things;
  beforeAll(async () => {
    database = await createTestDatabase();
    before = await startTestGateway({}, database);
    things = await newThings(before);
    await everyRead(apiClient(before.url), things); // its statements are prepared
    await addColumns(database);
    after = await startTestGateway({}, database);
    apis = [before, after].map(({ url }) => apiClient(url));
  });
  afterAll(async () => {
    await before.close();
    await after.close();
    await database.drop();
  });

  it('both answer every read as before', async () => {
    const [first, second] = await Promise.all(apis.map((api) => everyRead(api, things)));
    expect(first).toEqual(second);
    expect(first?.every(({ status }) => status === 200)).toBe(true);
  });

  it('what one writes the other sees, and both go on writing', async () => {
    const { owner: as, relayId } = things;
    for (const [index, api] of [...apis, ...apis].entries()) {
      const body = { info_name: `name ${index}` };
      expect((await api(`PUT /relays/${relayId}`, { as, body })).status).toBe(200);
      const other = apis[(index + 1) % apis.length];
      expect((await other?.(`GET /relays/${relayId}`, { as }))?.body.data).toMatchObject(body);
    }
  });

  it('a repeat of a command at the other gateway is the same command', async () => {
    const headers = { 'Idempotency-Key': 'over-versions' };
    const call = { as: things.owner, headers, body: { subdomain: 'versions', plan_id: 'free' } };
    const answers = [];
    for (const api of apis) answers.push((await api('POST /relays', call)).body.data);
    expect(answers[0]).toEqual(answers[1]);
  });

  it('a bell that says more than we know is heard', () => {
    const bell = { relayId: things.relayId };
    expect(relaySync.payload.parse({ ...bell, fromTheFuture: true })).toEqual(bell);
  });

  it('an event stream of one tells of commands given to the other', async () => {
    const { owner, relayId } = things;
    const headers = { authorization: owner.header };
    const { body } = await fetch(`${before.url}/tenants/${owner.pubkey}/events`, { headers });
    const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
    await apis[1]?.(`POST /relays/${relayId}/deactivate`, { as: owner });
    let heard = '';
    while (!heard.includes('deactivate_relay')) heard += (await reader?.read())?.value ?? '';
    await reader?.cancel();
  });
});

/** As a later migration would: with a default, so that versions which know nothing of it can insert. */
async function addColumns(database: TestDatabase): Promise<void> {
  const tables = [
    'tenant',
    'tenant_wallet',
    'tenant_billing',
    'relay',
    'relay_sync',
    'activity',
    'invoice',
    'invoice_item',
  ];
  for (const table of [...tables, 'offer', 'message', 'plan', 'idempotency', 'tenant_history', 'subdomain_hold'])
    await database.query(`ALTER TABLE ${table} ADD COLUMN of_the_next_version text NOT NULL DEFAULT 'new'`);
}

async function everyRead(api: Api, { owner: as, relayId, invoiceId }: Things) {
  const tenant = `/tenants/${as.pubkey}`;
  const paths = ['/identity', '/plans', tenant, `${tenant}/relays`, `${tenant}/invoices`, `${tenant}/messages`];
  const more = [
    `/relays/${relayId}`,
    `/relays/${relayId}/activity`,
    `/invoices/${invoiceId}`,
    `/invoices/${invoiceId}/items`,
  ];
  // Twice: a statement is prepared at its first use and planned again at the next.
  await Promise.all([...paths, ...more].map((path) => api(`GET ${path}`, { as })));
  const answers = await Promise.all([...paths, ...more].map((path) => api(`GET ${path}`, { as })));
  return answers.map(({ status, body }) => ({ status, body }));
}
