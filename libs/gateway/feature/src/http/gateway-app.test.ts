import { request as httpRequest } from 'node:http';
import { AppError, pubkeySchema } from '@caravel/domain';
import { currentRequestId } from '@caravel/service';
import { z } from 'zod';
import type { GatewayDeps } from '../gateway-deps.js';
import { ALICE, BOB, pubkey, relay, tenant } from '../testing/builders.js';
import { fakeDeps } from '../testing/fake-deps.js';
import { defineOwnedRoute, definePublicRoute, defineRoute } from './define-route.js';
import type { Found } from './define-route.js';
import { gatewayApp } from './gateway-app.js';
import type { Caller, Route } from './route.js';
import { startServer } from './start-server.js';
import type { HttpServer } from './start-server.js';

const ADMIN = pubkey('d');
const ORIGIN = 'https://app.example';
const answer = z.string();
const done = () => Promise.resolve('done');

const found = (owner: typeof ALICE | null): Found<string> => ({
  resource: owner && 'thing',
  owner,
  missing: () => new AppError('not-found', 'There is no such thing.'),
});
const said = { method: 'GET', summary: '', answer } as const;
const owned = (path: string, policy: 'adminOrTenant' | 'sameTenantOnly') =>
  defineOwnedRoute(
    { ...said, path, policy },
    {
      load: ({ pubkey: named, id }) =>
        Promise.resolve(found(pubkeySchema.safeParse(named).data ?? (id === 'of-alice' ? ALICE : null))),
      handler: done,
    },
  );
const simple = (path: string, policy: 'authenticated' | 'admin' | 'tenant') =>
  defineRoute({ ...said, path, policy }, { handler: done });
const bodyOfTenant = z.object({ tenant: pubkeySchema.optional() });

const routes: Route[] = [
  definePublicRoute({ ...said, path: '/open', policy: 'public' }, { handler: done }),
  simple('/signed', 'authenticated'),
  simple('/admin', 'admin'),
  simple('/account', 'tenant'),
  owned('/of/:pubkey', 'adminOrTenant'),
  owned('/only/:pubkey', 'sameTenantOnly'),
  owned('/things/:id', 'adminOrTenant'),
  owned('/private-things/:id', 'sameTenantOnly'),
  defineRoute(
    { ...said, method: 'POST', path: '/for', policy: 'adminOrTenant', body: bodyOfTenant, status: 201 },
    { ownerOf: (body, caller) => body.tenant ?? caller.pubkey, handler: done },
  ),
  defineRoute(
    { ...said, path: '/broken', policy: 'authenticated' },
    { handler: () => Promise.reject(new Error('the password is hunter2')) },
  ),
  defineRoute(
    { ...said, path: '/list', policy: 'authenticated' },
    {
      handler: ({ nextPage }) => {
        nextPage('over-there');
        return Promise.resolve(currentRequestId() ?? '');
      },
    },
  ),
];

/** The header names the caller; signatures have their own tests. */
const authenticate = ({ header }: { header: string | undefined }): Promise<Caller> => {
  const caller = { alice: ALICE, bob: BOB, admin: ADMIN }[header ?? ''];
  if (!caller) return Promise.reject(new AppError('unauthorized', 'no'));
  return Promise.resolve({ pubkey: caller, isAdmin: caller === ADMIN });
};

let server: HttpServer;
beforeAll(async () => {
  const deps: GatewayDeps = fakeDeps({
    tenants: { ...fakeDeps().tenants, find: (key) => Promise.resolve(key === ALICE ? tenant() : null) },
    relays: { ...fakeDeps().relays, find: () => Promise.resolve(relay()) },
  });
  const listener = gatewayApp({
    routes,
    deps,
    authenticate,
    allowOrigins: [ORIGIN, 'capacitor://localhost'],
    trustedProxies: [],
  });
  server = await startServer({ listener, host: '127.0.0.1', port: 0 });
});
afterAll(() => server.close());

interface Call {
  as?: string;
  method?: string;
  body?: string;
  headers?: Record<string, string>;
}
const call = (path: string, { as = '', headers = {}, ...init }: Call = {}) =>
  fetch(server.url + path, { ...init, headers: { ...(as && { authorization: as }), ...headers } });

describe('policies', () => {
  it.each<[string, string, Record<string, number>]>([
    ['public', '/open', { nobody: 200, alice: 200, bob: 200, admin: 200 }],
    ['authenticated', '/signed', { nobody: 401, alice: 200, bob: 200, admin: 200 }],
    ['admin', '/admin', { nobody: 401, alice: 403, bob: 403, admin: 200 }],
    ['tenant', '/account', { nobody: 401, alice: 200, bob: 422, admin: 422 }],
    ['adminOrTenant of a pubkey', `/of/${ALICE}`, { nobody: 401, alice: 200, bob: 403, admin: 200 }],
    ['sameTenantOnly of a pubkey', `/only/${ALICE}`, { nobody: 401, alice: 200, bob: 403, admin: 403 }],
    ['adminOrTenant of a resource', '/things/of-alice', { nobody: 401, alice: 200, bob: 404, admin: 200 }],
    ['sameTenantOnly of a resource', '/private-things/of-alice', { nobody: 401, alice: 200, bob: 404, admin: 404 }],
    [
      'adminOrTenant of a resource that is not there',
      '/things/none',
      { nobody: 401, alice: 404, bob: 404, admin: 404 },
    ],
    ['adminOrTenant of a pubkey that is none', '/of/nonsense', { nobody: 401, alice: 403, bob: 403, admin: 404 }],
  ])('%s', async (_policy, path, expected) => {
    for (const [who, status] of Object.entries(expected)) {
      expect([who, (await call(path, { as: who === 'nobody' ? '' : who })).status]).toEqual([who, status]);
    }
  });

  it('adminOrTenant of a body: for oneself by default, for another by an admin only', async () => {
    const post = async (as: string, body: object) =>
      (await call('/for', { as, method: 'POST', body: JSON.stringify(body) })).status;
    expect(await post('alice', {})).toBe(201);
    expect(await post('alice', { tenant: ALICE })).toBe(201);
    expect(await post('bob', { tenant: ALICE })).toBe(403);
    expect(await post('admin', { tenant: ALICE })).toBe(201);
  });

  it("somebody else's resource is answered like one that is not there", async () => {
    const [others, none] = await Promise.all(
      ['/things/of-alice', '/things/none'].map((path) => call(path, { as: 'bob' })),
    );
    expect(await others?.json()).toEqual(await none?.json());
  });

  it('a public route ignores a bad header', async () => {
    expect((await call('/open', { as: 'Nostr nonsense' })).status).toBe(200);
  });
});

describe('answers', () => {
  it('of success come in an envelope, of lists with a link to the next page', async () => {
    const response = await call('/list?limit=5', { as: 'alice', headers: { 'x-request-id': 'abc-1' } });
    expect(await response.json()).toEqual({ data: 'abc-1', code: 'ok' });
    expect(response.headers.get('link')).toBe('</list?limit=5&cursor=over-there>; rel="next"');
  });

  it.each([
    ['GET', '/nothing'],
    ['DELETE', '/open'],
    ['PUT', '/signed'],
    ['GET', '/OPEN'],
    ['POST', '/things/of-alice/import'],
  ])('%s %s, which no route serves, is a 404 with a text', async (method, path) => {
    const response = await call(path, { method, as: 'alice' });
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({
      error: expect.stringContaining(`no ${method} ${path}`),
      code: 'not-found',
    });
  });

  it('a defect is a 500 that tells nothing about it', async () => {
    const response = await call('/broken', { as: 'alice' });
    expect(response.status).toBe(500);
    const body = await response.text();
    expect(JSON.parse(body)).toMatchObject({ code: 'internal' });
    expect(body).not.toContain('hunter2');
  });

  it('a path that cannot be decoded is a 400', async () => {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      httpRequest(`${server.url}/things/%zz`, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on('error', reject)
        .end();
    });
    expect(status).toBe(400);
  });

  it('a body over 256 KiB is a 413, one of just that size is read', async () => {
    const post = (size: number) => call('/for', { as: 'alice', method: 'POST', body: ' '.repeat(size) });
    expect((await post(256 * 1024)).status).toBe(201);
    const refused = await post(256 * 1024 + 1);
    expect([refused.status, await refused.json()]).toEqual([
      413,
      expect.objectContaining({ code: 'payload-too-large' }),
    ]);
  });

  it.each(['{"a"', '[]', '"x"', 'null'])('the body %s is a 400', async (body) => {
    const response = await call('/for', { as: 'alice', method: 'POST', body });
    expect([response.status, await response.json()]).toEqual([
      400,
      expect.objectContaining({ code: 'invalid-request' }),
    ]);
  });

  it('a body in an encoding we do not know is a 400', async () => {
    const headers = { 'content-encoding': 'middle-out' };
    expect((await call('/for', { as: 'alice', method: 'POST', body: '{}', headers })).status).toBe(400);
  });
});

describe('headers', () => {
  it('authenticated answers are kept by nobody, errors too', async () => {
    for (const as of ['alice', '']) {
      expect((await call('/signed', { as })).headers.get('cache-control')).toBe('private, no-store');
    }
    expect((await call('/open')).headers.get('cache-control')).toBeNull();
  });

  it('every answer carries a request id: the one that came, when it is harmless', async () => {
    const idOf = async (given?: string) =>
      (await call('/open', { headers: given ? { 'x-request-id': given } : {} })).headers.get('x-request-id');
    expect(await idOf('trace.1:2_3-4')).toBe('trace.1:2_3-4');
    expect(await idOf()).toMatch(/^[0-9a-f-]{36}$/);
    expect(await idOf('{"evil": 1}')).toMatch(/^[0-9a-f-]{36}$/);
    expect(await idOf('x'.repeat(129))).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('security headers are there and the software is not named', async () => {
    const { headers } = await call('/open');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('strict-transport-security')).toContain('max-age');
    expect(headers.get('x-powered-by')).toBeNull();
  });

  it('401 says how to authenticate', async () => {
    expect((await call('/signed')).headers.get('www-authenticate')).toBe('Nostr');
  });
});

describe('CORS', () => {
  const preflight = (origin: string, path = '/signed') =>
    call(path, { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'PUT' } });

  it.each([ORIGIN, 'capacitor://localhost'])('lets pages of %s call every route', async (origin) => {
    const response = await preflight(origin);
    expect(response.status).toBe(204);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-headers': 'Authorization, Content-Type, Accept, Idempotency-Key, Last-Event-ID',
      'access-control-max-age': '600',
      vary: expect.stringContaining('Origin'),
    });
  });

  it.each(['https://app.example.evil.example', 'http://app.example', 'null'])('tells %s nothing', async (origin) => {
    for (const response of [await preflight(origin), await call('/open', { headers: { origin } })]) {
      expect(response.headers.get('access-control-allow-origin')).toBeNull();
    }
  });

  it('is on errors and unknown routes too, so that a page can read them', async () => {
    for (const path of ['/signed', '/nothing', '/broken']) {
      const { headers } = await call(path, { headers: { origin: ORIGIN } });
      expect(headers.get('access-control-allow-origin')).toBe(ORIGIN);
      const exposed = headers.get('access-control-expose-headers')?.split(', ');
      const promised = ['Link', 'Retry-After', 'RateLimit-Remaining', 'Idempotent-Replayed', 'X-Request-Id'];
      expect(exposed).toEqual(expect.arrayContaining(promised));
    }
  });
});
