import { createTestDatabase, eventually } from '@caravel/testing';
import type { TestDatabase } from '@caravel/testing';
import { apiClient } from './testing/api.js';
import type { Api } from './testing/api.js';
import { freezableProxy } from './testing/freezable-proxy.js';
import type { FreezableProxy } from './testing/freezable-proxy.js';
import { startTestGateway } from './testing/test-gateway.js';
import type { TestGateway } from './testing/test-gateway.js';
import { newUser } from './testing/users.js';

const LONG_MS = 60_000;

describe('while PostgreSQL is away', () => {
  const user = newUser();
  let database: TestDatabase;
  let proxy: FreezableProxy;
  let gateway: TestGateway;
  let api: Api;
  beforeAll(async () => {
    database = await createTestDatabase();
    proxy = await freezableProxy(database.url('gateway'));
    gateway = await startTestGateway({ DATABASE_URL: proxy.url }, database);
    api = apiClient(gateway.url);
    await api('POST /tenants', { as: user });
  });
  afterAll(async () => {
    await gateway.close();
    await proxy.close();
    await database.drop();
  });

  const CALLS: [string, object?][] = [
    ['GET /plans'],
    [`GET /tenants/${user.pubkey}`],
    ['POST /tenants'],
    [`PUT /tenants/${user.pubkey}`, { return_url: 'https://app.example/' }],
    ['POST /relays', { subdomain: 'away', plan_id: 'basic' }],
  ];

  it(
    'reads and commands answer 503 and when to come again, and are served as soon as it is back',
    async () => {
      for (const [call, body] of CALLS) expect((await api(call, { as: user, body })).status).toBeLessThan(300);
      await database.query(`DELETE FROM relay`);
      await proxy.stop();
      // Twice: what breaks while it is used, and what can't be reached.
      for (const [call, body] of [...CALLS, ...CALLS]) {
        const answer = await api(call, { as: user, body });
        expect({ call, status: answer.status, code: answer.body.code }).toEqual({
          call,
          status: 503,
          code: 'service-unavailable',
        });
        expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
      }
      await proxy.start();
      for (const [call, body] of CALLS)
        await eventually(async () => (await api(call, { as: user, body })).status < 300);
    },
    LONG_MS,
  );

  it(
    'connections that are cut by the server answer 503 at most once each',
    async () => {
      const cut = () =>
        database.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'caravel_gateway'`);
      await cut();
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => api(`GET /tenants/${user.pubkey}`, { as: user })),
      );
      expect(answers.filter(({ status }) => status !== 200 && status !== 503)).toEqual([]);
      await eventually(async () => (await api(`GET /tenants/${user.pubkey}`, { as: user })).status === 200);
    },
    LONG_MS,
  );
});
