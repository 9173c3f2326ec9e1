import { api as endpoints } from '@caravel/api-contract';
import type { Endpoint } from '@caravel/api-contract';
import { routes } from '@caravel/gateway-feature';
import { queueBackends } from '@caravel/testing';
import { apiClient } from './testing/api.js';
import type { Api } from './testing/api.js';
import { freezableProxy } from './testing/freezable-proxy.js';
import type { FreezableProxy } from './testing/freezable-proxy.js';
import { send } from './testing/send.js';
import { settleAccount } from './testing/settle-account.js';
import { startTestGateway } from './testing/test-gateway.js';
import type { TestGateway } from './testing/test-gateway.js';
import { newThings } from './testing/things.js';
import type { Things } from './testing/things.js';
import { UNLIMITED } from './testing/unlimited.js';
import { ADMIN } from './testing/users.js';
import { validRequest } from './testing/valid-request.js';

const redis = queueBackends().find(({ name }) => name === 'redis');
const situations = [
  { situation: 'billing, provisioner and robot stopped', frozen: false },
  ...(redis ? [{ situation: 'Redis frozen as well', frozen: true }] : []),
];

const commands = Object.entries<Endpoint>(endpoints)
  .map(([name, endpoint]) => ({ ...endpoint, name }))
  .filter(({ method, path }) => method !== 'GET' && path !== '/stripe/webhook');
/** Where no provisioner listens. */
const NOBODY = { PROVISIONER_URL: 'http://127.0.0.1:9' };
/** Whose answer only another service knows. */
const NEEDS_ANOTHER = [
  ...['ensureBolt11', 'createCheckout', 'previewRelay', 'importRelay'],
  ...['voidInvoice', 'adjustTenant', 'refundTenant', 'clearGrace'],
];

describe.each(situations)('with $situation', ({ frozen }) => {
  let gateway: TestGateway;
  let proxy: FreezableProxy | undefined;
  let api: Api;
  let own: Things;
  /** A tenant for each command, so that none finds what another one left. */
  const thingsOf = new Map<string, Things>();

  beforeAll(async () => {
    if (frozen && redis?.redisUrl) proxy = await freezableProxy(redis.redisUrl);
    const limits = { RATE_LIMIT_PUBKEY_PER_MINUTE: '1200', RATE_LIMIT_IP_PER_MINUTE: '6000' };
    gateway = await startTestGateway({ ...UNLIMITED, ...limits, ...NOBODY, ...(proxy && { REDIS_URL: proxy.url }) });
    await gateway.publishSealingKey();
    api = apiClient(gateway.url);
    own = await newThings(gateway);
    for (const { name } of commands) {
      const things = await newThings(gateway);
      if (name === 'deleteTenant') await settleAccount(gateway.database, things.owner.pubkey);
      thingsOf.set(name, things);
    }
    proxy?.freeze();
  });
  afterAll(async () => {
    await gateway.close();
    await proxy?.close();
  });

  const command = async (endpoint: (typeof commands)[number]): Promise<void> => {
    const { name, path, policy, status = 200 } = endpoint;
    const things = thingsOf.get(name) ?? own;
    const startedAtMs = performance.now();
    const answer = await send(gateway.url, validRequest(endpoint, things), policy === 'admin' ? ADMIN : things.owner);
    const tookMs = performance.now() - startedAtMs;
    expect([name, answer.status, answer.text]).toEqual([
      name,
      NEEDS_ANOTHER.includes(name) ? 503 : status,
      expect.any(String),
    ]);
    // Refunds and pages of Stripe's are asked for 10 s, other calls for 5, reconciles for 4; everything else waits 250 ms for
    // a bell at most, beside twenty others.
    const callMs = /\/(refunds|checkout)$/.test(path) ? 11_500 : 6500;
    const patienceMs = path.endsWith('/reconcile') || NEEDS_ANOTHER.includes(name) ? callMs : 3500;
    expect([name, tookMs < patienceMs ? 'in time' : tookMs]).toEqual([name, 'in time']);
  };
  const pathOf = (path: string) => path.replace(':pubkey', own.owner.pubkey).replace(':id', idFor(path));
  const idFor = (path: string) => (path.startsWith('/invoices') ? own.invoiceId : own.relayId);
  const needsAnother = async (path: string): Promise<void> => {
    const { status, body } = await api(`GET ${pathOf(path)}`, { as: own.owner });
    expect([status, body]).toEqual([503, { code: 'service-unavailable', error: expect.stringContaining('again') }]);
  };

  it('every command does its work and answers in time; only what another service knows is a 503', async () => {
    expect(commands.length).toBeGreaterThan(15);
    await Promise.all([
      ...commands.map(command),
      needsAnother('/relays/:id/members'),
      needsAnother('/relays/:id/export'),
      needsAnother('/invoices/:id/bolt11'),
    ]);
  });

  it('a plan for fewer members is taken although nobody can count them', async () => {
    const body = { info_name: 'still editable', plan_id: 'free' };
    const { data } = (await api(`PUT /relays/${own.relayId}`, { as: own.owner, body })).body;
    expect(data).toMatchObject(body);
  });

  it('every read answers at once from the rows; only what another service knows is not a read', async () => {
    const others = /members|bolt11|session|events|relays\/:id\/export/;
    const reads = routes.filter(({ method, path }) => method === 'GET' && !others.test(path));
    expect(reads.length).toBeGreaterThan(15);
    const answers = await Promise.all(
      reads.map(async ({ path, policy }) => {
        const at = pathOf(path.replace('/plans/:id', '/plans/free').replace(':token', own.token));
        const { status } = await api(`GET ${at}`, { as: policy === 'admin' ? ADMIN : own.owner });
        return [path, status];
      }),
    );
    expect(answers).toEqual(reads.map(({ path }) => [path, 200]));
  });
});
