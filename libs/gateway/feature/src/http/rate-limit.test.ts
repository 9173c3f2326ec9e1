import { request as httpRequest } from 'node:http';
import { api } from '@caravel/api-contract';
import { AppError, manualClock } from '@caravel/domain';
import { createLogger, createMetrics } from '@caravel/service';
import { z } from 'zod';
import { pubkey } from '../testing/builders.js';
import { fakeDeps, silentLog } from '../testing/fake-deps.js';
import { definePublicRoute, defineRoute } from './define-route.js';
import { gatewayApp } from './gateway-app.js';
import { rateLimitCost } from './rate-limit-costs.js';
import { rateLimit } from './rate-limit.js';
import type { RateLimits } from './rate-limit.js';
import { rateWindows } from './rate-windows.js';
import type { Route } from './route.js';
import { startServer } from './start-server.js';
import type { HttpServer } from './start-server.js';

const done = () => Promise.resolve('done');
const said = { method: 'GET', summary: '', answer: z.string() } as const;
const routes: Route[] = [
  definePublicRoute({ ...said, path: '/open', policy: 'public' }, { handler: done }),
  defineRoute({ ...said, path: '/signed', policy: 'authenticated' }, { handler: done }),
  defineRoute({ ...said, method: 'POST', path: '/reconcile', policy: 'authenticated' }, { handler: done }),
];
const ORIGIN = 'https://app.example';

interface Options {
  limits?: Partial<RateLimits>;
  trustedProxies?: string[];
}

const servers: HttpServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

/** A gateway that takes the header for the caller's name: `a`, `b`, …; `f` is an admin. */
async function start({ limits = {}, trustedProxies = [] }: Options = {}) {
  const clock = manualClock(1_800_000_000);
  const metrics = createMetrics('test');
  const lines: string[] = [];
  const log = createLogger({ service: 'test', destination: { write: (line) => void lines.push(line) } });
  let verified = 0;
  const listener = gatewayApp({
    routes,
    deps: fakeDeps(),
    authenticate: ({ header = '' }) => {
      verified += 1;
      if (!/^[a-f]$/.test(header)) return Promise.reject(new AppError('unauthorized', 'no'));
      return Promise.resolve({ pubkey: pubkey(header), isAdmin: header === 'f' });
    },
    allowOrigins: [ORIGIN],
    trustedProxies,
    rateLimit: rateLimit({
      limits: { perIp: 0, perPubkey: 0, perAdmin: 0, ...limits },
      windows: rateWindows({ clock, log: silentLog }),
      log,
      metrics,
    }),
  });
  const server = await startServer({ listener, host: '127.0.0.1', port: 0, limits: { drainMs: 10 } });
  servers.push(server);
  return {
    url: server.url,
    clock,
    lines,
    verified: () => verified,
    limited: async () =>
      /requests_rate_limited_total\{policy="(\w+)"[^}]*\} (\d+)/.exec(await metrics.registry.metrics())?.slice(1),
    call: async (path: string, headers: Record<string, string> = {}, method = 'GET') =>
      fetch(server.url + path, { method, headers }),
  };
}
const as = (authorization: string) => ({ authorization });

describe('the limit of a pubkey', () => {
  it('answers 429 in words and with Retry-After, until its minute is over; other keys go on', async () => {
    const { call, clock, limited } = await start({ limits: { perPubkey: 2 } });
    for (const remaining of ['1', '0']) {
      const { status, headers } = await call('/signed', as('a'));
      expect([status, headers.get('ratelimit-remaining')]).toEqual([200, remaining]);
    }
    clock.advance(20);
    const refused = await call('/signed', { ...as('a'), origin: ORIGIN });
    expect(refused.status).toBe(429);
    expect(await refused.json()).toEqual({
      code: 'rate-limited',
      error: 'Too many requests. Please wait 40 seconds and try again.',
    });
    expect(Object.fromEntries(refused.headers)).toMatchObject({
      'retry-after': '40',
      'ratelimit-policy': '"pubkey";q=2;w=60',
      'ratelimit-limit': '2',
      'ratelimit-remaining': '0',
      'ratelimit-reset': '40',
      'access-control-allow-origin': ORIGIN,
      'x-request-id': expect.any(String),
    });
    expect((await call('/signed', as('b'))).status).toBe(200);
    expect(await limited()).toEqual(['pubkey', '1']);
    clock.advance(40);
    expect((await call('/signed', as('a'))).status).toBe(200);
  });

  it('is an own one for administrators', async () => {
    const { call } = await start({ limits: { perPubkey: 1, perAdmin: 3 } });
    const statuses = [];
    for (let n = 0; n < 4; n += 1) statuses.push((await call('/signed', as('f'))).status);
    expect(statuses).toEqual([200, 200, 200, 429]);
  });

  it('an expensive route costs more of it', async () => {
    const { call } = await start({ limits: { perPubkey: 11 } });
    const statuses = [];
    for (let n = 0; n < 3; n += 1) statuses.push((await call('/reconcile', as('a'), 'POST')).status);
    expect(statuses).toEqual([200, 200, 429]);
    expect((await call('/signed', as('a'))).status).toBe(200);
  });

  it('no route costs so much that the client could not ask 120 times a minute for it', () => {
    const costs = Object.values(api).map((each) => rateLimitCost(each));
    expect(Math.max(...costs) * 120).toBeLessThanOrEqual(1200);
    expect(new Set(costs)).toEqual(new Set([1, 5]));
  });
});

describe('the limit of an address', () => {
  it('counts before a signature is checked, a body is read or a route is found', async () => {
    const { call, verified } = await start({ limits: { perIp: 3 } });
    expect((await call('/signed', as('junk'))).status).toBe(401);
    expect((await call('/nowhere')).status).toBe(404);
    expect((await call('/open')).status).toBe(200);
    expect((await call('/signed', as('junk'))).status).toBe(429);
    expect((await call('/nowhere')).status).toBe(429);
    expect(verified()).toBe(1);
  });

  it('does not count preflights', async () => {
    const { call } = await start({ limits: { perIp: 1 } });
    const preflight = { origin: ORIGIN, 'access-control-request-method': 'GET' };
    for (let n = 0; n < 5; n += 1) expect((await call('/signed', preflight, 'OPTIONS')).status).toBe(204);
    expect((await call('/open')).status).toBe(200);
  });

  it('says what is left also where nobody signs', async () => {
    const { call } = await start({ limits: { perIp: 9 } });
    const { headers } = await call('/open');
    expect([headers.get('ratelimit-policy'), headers.get('ratelimit-remaining')]).toEqual(['"ip";q=9;w=60', '8']);
  });

  it.each<[string, string[], [string, string], 'one' | 'two']>([
    ['nobody', [], ['9.9.9.9', '8.8.8.8'], 'one'],
    ['the proxy', ['127.0.0.1'], ['9.9.9.9', '8.8.8.8'], 'two'],
    ['the proxy, in IPv6 of one /64', ['loopback'], ['2606:4700::1', '2606:4700::2'], 'one'],
    ['the proxy, in IPv6 of two /64', ['loopback'], ['2606:4700::1', '2606:4700:0:1::1'], 'two'],
    ['the proxy, with ports', ['loopback'], ['9.9.9.9:1', '9.9.9.9:2'], 'one'],
    ['the proxy, with what the client wrote before', ['loopback'], ['1.1.1.1, 9.9.9.9', '2.2.2.2, 9.9.9.9'], 'one'],
    ['the proxy, with nonsense before', ['loopback'], ['"; DROP, 9.9.9.9', ',,, 8.8.8.8'], 'two'],
    ['the proxy, with nonsense', ['loopback'], ['unknown', '_hidden'], 'one'],
    ['two proxies', ['loopback', '10.0.0.0/8'], ['9.9.9.9, 10.0.0.7', '8.8.8.8, 10.0.0.7'], 'two'],
    ['one of two proxies', ['loopback'], ['9.9.9.9, 10.0.0.7', '8.8.8.8, 10.0.0.7'], 'one'],
    ['the proxy, with our own address as the client', ['loopback'], ['127.0.0.1', '::1'], 'two'],
  ])('believes %s', async (...[, trustedProxies, [first, second], clients]) => {
    const { call } = await start({ limits: { perIp: 1 }, trustedProxies });
    expect((await call('/open', { 'x-forwarded-for': first })).status).toBe(200);
    expect((await call('/open', { 'x-forwarded-for': second })).status).toBe(clients === 'one' ? 429 : 200);
  });

  it('takes a very long or repeated header for what it is worth', async () => {
    const { call, url } = await start({ limits: { perIp: 1 }, trustedProxies: ['loopback'] });
    const long = `${'1.1.1.1, '.repeat(1000)}9.9.9.9`;
    expect((await call('/open', { 'x-forwarded-for': long })).status).toBe(200);
    const status = await new Promise((resolve, reject) => {
      const headers = { 'X-Forwarded-For': ['3.3.3.3', '9.9.9.9'] };
      httpRequest(`${url}/open`, { headers }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      })
        .on('error', reject)
        .end();
    });
    expect(status).toBe(429);
  });

  it('warns once when a proxy in our own network is not named', async () => {
    const { call, lines } = await start({ limits: { perIp: 9 } });
    await call('/open', { 'x-forwarded-for': '9.9.9.9' });
    await call('/open', { 'x-forwarded-for': '9.9.9.9' });
    expect(lines.filter((line) => line.includes('TRUSTED_PROXIES'))).toHaveLength(1);
  });
});
