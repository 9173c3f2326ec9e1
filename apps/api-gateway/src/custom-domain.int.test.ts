import { apiClient } from './testing/api.js';
import type { Api } from './testing/api.js';
import { startTestGateway } from './testing/test-gateway.js';
import type { TestGateway } from './testing/test-gateway.js';
import { newThings } from './testing/things.js';
import type { Things } from './testing/things.js';

let gateway: TestGateway;
let api: Api;
let things: Things;
let host: string;
beforeAll(async () => {
  gateway = await startTestGateway();
  api = apiClient(gateway.url);
});
beforeEach(async () => {
  things = await newThings(gateway);
  const { body } = await api(`GET /relays/${things.relayId}`, { as: things.owner });
  const { subdomain, zooid_domain } = body.data as Record<string, string>;
  host = `${subdomain ?? ''}.${zooid_domain ?? ''}`;
});
afterAll(() => gateway.close());

let names = 0;
const newDomain = () => `chat-${(names += 1)}.example.com`;
const put = (custom_domain: string, { relayId, owner } = things) =>
  api(`PUT /relays/${relayId}`, { as: owner, body: { custom_domain } });
const verify = (relayId = things.relayId) =>
  gateway.database.query('UPDATE relay SET custom_domain_verified = true WHERE id = $1', [relayId]);
const ask = async (domain: string) => {
  const answer = await gateway.opsPages.get('/tls/ask')?.(new URLSearchParams({ domain }));
  return [answer?.status, answer?.headers?.['X-Relay-Host']];
};

it('PUT takes a domain as people write it, not verified; sent back with the next edit it is no change', async () => {
  const domain = newDomain();
  const { body } = await put(`${domain.toUpperCase()}.`);
  expect(body.data).toMatchObject({ custom_domain: domain, custom_domain_verified: 0 });
  await verify();
  const again = await api(`PUT /relays/${things.relayId}`, { as: things.owner, body: body.data as object });
  expect(again.body.data).toMatchObject({ custom_domain: domain, custom_domain_verified: 1 });
  expect((await put('')).body.data).toMatchObject({ custom_domain: '', custom_domain_verified: 0 });
});

it('a relay may be created with one', async () => {
  const domain = newDomain();
  const body = { subdomain: `with-${names}`, plan_id: 'basic', custom_domain: domain };
  const created = await api('POST /relays', { as: things.owner, body });
  expect(created.body.data).toMatchObject({ custom_domain: domain, custom_domain_verified: 0 });
});

it.each([
  'relays.example',
  'mine.relays.example',
  'x.other.example',
  'app.example',
  'localhost',
  '192.0.2.1',
  'a/b.example',
])('%s is refused, with the name of the field', async (domain) => {
  const { status, body } = await put(domain);
  expect([status, body.code]).toEqual([400, 'invalid-request']);
  expect(body.error).toMatch(/^custom_domain: must be .+\.$/);
  expect(body['details']).toEqual([{ path: 'custom_domain', message: expect.any(String) }]);
});

it('GET /relays/:id/domain tells what to add, and what was missing of this domain', async () => {
  const domain = newDomain();
  const read = async () => (await api(`GET /relays/${things.relayId}/domain`, { as: things.owner })).body.data;
  expect(await read()).toEqual({ custom_domain: '', verified: 0, records: [], problem: '', checked_at: null });
  await put(domain);
  const records = [
    { type: 'CNAME', name: domain, value: host },
    { type: 'TXT', name: `_caravel.${domain}`, value: things.relayId },
  ];
  expect(await read()).toEqual({ custom_domain: domain, verified: 0, records, problem: '', checked_at: null });
  await gateway.database.query(
    `INSERT INTO relay_domain (relay_id, domain, problem, checked_at, next_check_at, asked_since)
     VALUES ($1, $2, 'no CNAME', to_timestamp(1900000000), now(), now())`,
    [things.relayId, domain],
  );
  expect(await read()).toMatchObject({ problem: 'no CNAME', checked_at: 1_900_000_000 });
  await put(newDomain());
  expect(await read()).toMatchObject({ problem: '', checked_at: null });
});

describe('/tls/ask', () => {
  it('is 200 with the canonical host for that host and for a verified domain, in any case', async () => {
    const domain = newDomain();
    await put(domain);
    expect(await ask(domain)).toEqual([404, undefined]);
    await verify();
    for (const name of [domain, `${domain.toUpperCase()}.`, host]) expect(await ask(name)).toEqual([200, host]);
  });

  it.each(['relays.example', 'nobody.relays.example', 'nobody.example.com', 'localhost'])(
    'is 404 for %s',
    async (name) => {
      expect(await ask(name)).toEqual([404, undefined]);
    },
  );

  it.each(['', 'a b', "x'; --", '*.relays.example', 'ä.example'])('is 400 for %j', async (name) => {
    expect(await ask(name)).toEqual([400, undefined]);
  });

  it('is 404 for names of a relay that was deleted; given back, it has to prove its domain again', async () => {
    const domain = newDomain();
    const { owner, stoppedRelayId = '' } = things;
    await put(domain, { ...things, relayId: stoppedRelayId });
    await verify(stoppedRelayId);
    await api(`DELETE /relays/${stoppedRelayId}`, { as: owner });
    expect(await ask(domain)).toEqual([404, undefined]);
    // Meanwhile somebody else may have it.
    await put(domain);
    await verify();
    const { body } = await api(`POST /relays/${stoppedRelayId}/reactivate`, { as: owner });
    expect(body.data).toMatchObject({ custom_domain: domain, custom_domain_verified: 0 });
    expect(await ask(domain)).toEqual([200, host]);
  });
});
