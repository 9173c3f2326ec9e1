import { routes } from '@caravel/gateway-feature';
import { queueBackends } from '@caravel/testing';
import { apiClient } from './testing/api.js';
import type { Api } from './testing/api.js';
import { freezableProxy } from './testing/freezable-proxy.js';
import type { FreezableProxy } from './testing/freezable-proxy.js';
import { seedInvoice, tokenOf } from './testing/seed-invoice.js';
import { startTestGateway } from './testing/test-gateway.js';
import type { TestGateway } from './testing/test-gateway.js';
import { ADMIN, newUser } from './testing/users.js';
import type { User } from './testing/users.js';

const redis = queueBackends().find(({ name }) => name === 'redis');
const situations = [
  { situation: 'billing, provisioner and robot stopped', frozen: false },
  ...(redis ? [{ situation: 'Redis frozen as well', frozen: true }] : []),
];

describe.each(situations)('with $situation', ({ frozen }) => {
  let gateway: TestGateway;
  let proxy: FreezableProxy | undefined;
  let api: Api;
  let user: User;
  let relayId = '';
  let invoiceId = '';

  beforeAll(async () => {
    if (frozen && redis?.redisUrl) proxy = await freezableProxy(redis.redisUrl);
    const limits = { RATE_LIMIT_PUBKEY_PER_MINUTE: '1200', RATE_LIMIT_IP_PER_MINUTE: '6000' };
    gateway = await startTestGateway({ ...limits, ...(proxy && { REDIS_URL: proxy.url }) });
    api = apiClient(gateway.url);
    user = newUser();
    await api('POST /tenants', { as: user });
    const { body } = await api('POST /relays', { as: user, body: { subdomain: 'alone', plan_id: 'basic' } });
    relayId = (body.data as { id: string }).id;
    invoiceId = await seedInvoice(gateway.database, user.pubkey);
    await gateway.database.query('UPDATE relay SET applied_generation = generation');
    proxy?.freeze();
  });
  afterAll(async () => {
    await gateway.close();
    await proxy?.close();
  });

  /** Paths of this tenant's own things. */
  const pathOf = (path: string) =>
    path.replace(':pubkey', user.pubkey).replace(':id', path.startsWith('/invoices') ? invoiceId : relayId);
  const bodies: Record<string, object> = {
    'POST /relays': { subdomain: 'alone-too', plan_id: 'basic' },
    'PUT /relays/:id': { info_name: 'still editable', plan_id: 'free' },
    'PUT /tenants/:pubkey': { nwc_url: '' },
    'POST /invoices/:id/void': { mode: 'forgive', reason: 'x' },
    'POST /tenants/:pubkey/adjustments': { amount: -100, reason: 'x' },
    'POST /tenants/:pubkey/refunds': { amount: 100, reason: 'x' },
    'POST /tenants/:pubkey/clear-grace': { reason: 'x' },
  };
  const NEEDS_ANOTHER = [
    'POST /invoices/:id/bolt11',
    'POST /invoices/:id/checkout',
    'POST /invoices/:id/void',
    'POST /tenants/:pubkey/adjustments',
    'POST /tenants/:pubkey/refunds',
    'POST /tenants/:pubkey/clear-grace',
  ];

  const command = async ({ method, path, policy, status }: (typeof routes)[number]): Promise<void> => {
    const name = `${method} ${path}`;
    const startedAtMs = performance.now();
    const as = policy === 'admin' ? ADMIN : user;
    const answer = await api(`${method} ${pathOf(path)}`, { as, body: bodies[name] ?? {} });
    const tookMs = performance.now() - startedAtMs;
    expect([name, answer.status]).toEqual([name, NEEDS_ANOTHER.includes(name) ? 503 : status]);
    // Refunds and pages of Stripe's are asked for 10 s, other calls for 5, reconciles for 4; everything else waits 250 ms for a bell at most.
    const callMs = /\/(refunds|checkout)$/.test(name) ? 11_500 : 6500;
    const patienceMs = /reconcile|PUT \/relays/.test(name) || NEEDS_ANOTHER.includes(name) ? callMs : 1500;
    expect([name, tookMs < patienceMs ? 'in time' : tookMs]).toEqual([name, 'in time']);
  };
  const needsAnother = async (path: string): Promise<void> => {
    const { status, body } = await api(`GET ${pathOf(path)}`, { as: user });
    expect([status, body]).toEqual([503, { code: 'service-unavailable', error: expect.stringContaining('again') }]);
  };

  it('every command does its work and answers in time; only what another service knows is a 503', async () => {
    const commands = routes.filter(({ method, path }) => method !== 'GET' && path !== '/stripe/webhook');
    expect(commands.length).toBeGreaterThan(8);
    await Promise.all([
      ...commands.map(command),
      needsAnother('/relays/:id/members'),
      needsAnother('/invoices/:id/bolt11'),
    ]);
    const { body } = await api(`GET /relays/${relayId}`, { as: user });
    expect(body.data).toMatchObject({ info_name: 'still editable', plan_id: 'free' });
  }, 20_000);

  it('every read answers at once from the rows; only what another service knows is not a read', async () => {
    const token = await tokenOf(gateway.database, invoiceId);
    const reads = routes.filter(({ method, path }) => method === 'GET' && !/members|bolt11|session|events/.test(path));
    expect(reads.length).toBeGreaterThan(15);
    const answers = await Promise.all(
      reads.map(async ({ path, policy }) => {
        const own = pathOf(path.replace('/plans/:id', '/plans/free').replace(':token', token));
        const { status } = await api(`GET ${own}`, { as: policy === 'admin' ? ADMIN : user });
        return [path, status];
      }),
    );
    expect(answers).toEqual(reads.map(({ path }) => [path, 200]));
  });
});
