import { isUpload } from '@caravel/api-contract';
import { idMaker, systemClock, unixSeconds } from '@caravel/domain';
import { routes } from '@caravel/gateway-feature';
import { HTTP_AUTH_KIND } from '@caravel/nostr';
import type { NostrEvent } from '@caravel/nostr';
import { apiClient } from './testing/api.js';
import type { Api } from './testing/api.js';
import { seedInvoice, tokenOf } from './testing/seed-invoice.js';
import { startTestGateway } from './testing/test-gateway.js';
import type { TestGateway } from './testing/test-gateway.js';
import { ADMIN, newUser, SERVER_URL } from './testing/users.js';
import type { User } from './testing/users.js';

let gateway: TestGateway;
let api: Api;
let owner: User;
let stranger: User;
const ids = { relays: '', invoices: '' };
let token = '';

beforeAll(async () => {
  gateway = await startTestGateway({ STRIPE_WEBHOOK_SECRET: 'whsec_test' });
  api = apiClient(gateway.url);
  [owner, stranger] = [newUser(), newUser()];
  await Promise.all([owner, stranger].map((user) => api('POST /tenants', { as: user })));
  const { body } = await api('POST /relays', { as: owner, body: { subdomain: 'owned', plan_id: 'free' } });
  ids.relays = (body.data as { id: string }).id;
  ids.invoices = await seedInvoice(gateway.database, owner.pubkey);
  token = await tokenOf(gateway.database, ids.invoices);
});
afterAll(() => gateway.close());

/** Every route that may answer `code`, with the paths of the owner's things. */
const routesWith = (code: string) =>
  routes
    .filter(({ errors }) => errors.some((each) => each === code))
    .map((route) => ({ ...route, name: `${route.method} ${route.path}` }));
const pathTo = (path: string, { pubkey = owner.pubkey, id }: { pubkey?: string; id?: string } = {}) =>
  path.replace(':pubkey', pubkey).replace(':id', id ?? (path.startsWith('/invoices') ? ids.invoices : ids.relays));

describe('a signature that is not valid', () => {
  const nowS = unixSeconds(systemClock.now());
  const signed = (changes: { kind?: number; tags?: string[][] } = {}): NostrEvent =>
    newUser().signer.sign({
      kind: HTTP_AUTH_KIND,
      created_at: nowS,
      tags: [['u', SERVER_URL]],
      content: '',
      ...changes,
    });
  const header = (event: unknown) => `Nostr ${Buffer.from(JSON.stringify(event)).toString('base64')}`;
  const flipped = (hex: string) => (hex.startsWith('0') ? '1' : '0') + hex.slice(1);
  const good = signed();

  const headers: [string, string | undefined][] = [
    ['missing', undefined],
    ['of another scheme', `Bearer ${header(good).slice(6)}`],
    ['without anything', 'Nostr'],
    ['no base64', 'Nostr ***'],
    ['cut off', header(good).slice(0, -9)],
    ['no JSON', `Nostr ${Buffer.from('hello').toString('base64')}`],
    ['no event', header([])],
    ['null', header(null)],
    ['of another kind', header(signed({ kind: 1 }))],
    ['with another id', header({ ...good, id: flipped(good.id) })],
    ['with another signature', header({ ...good, sig: flipped(good.sig) })],
    ['by another key', header({ ...good, pubkey: ADMIN.pubkey })],
    ['with another content', header({ ...good, content: 'x' })],
    ['with a number as id', header({ ...good, id: 5 })],
    ['without u', header(signed({ tags: [] }))],
    ['with an empty u', header(signed({ tags: [['u']] }))],
    ['for another server', header(signed({ tags: [['u', 'https://evil.example']] }))],
    ['for our address with a slash', header(signed({ tags: [['u', `${SERVER_URL}/`]] }))],
    [
      'whose last u is another',
      header(
        signed({
          tags: [
            ['u', SERVER_URL],
            ['u', 'https://evil.example'],
          ],
        }),
      ),
    ],
    ['too long', header({ ...good, content: 'x'.repeat(9000) })],
  ];

  it.each(headers)('(%s) is the same 401 at every route that needs one', async (_what, authorization) => {
    const answers = await Promise.all(
      routesWith('unauthorized').map(async ({ method, path, name }) => {
        const answer = await api(
          `${method} ${pathTo(path)}`,
          authorization === undefined ? {} : { headers: { authorization } },
        );
        return [name, answer.status, answer.body.code];
      }),
    );
    expect(answers).toEqual(routesWith('unauthorized').map(({ name }) => [name, 401, 'unauthorized']));
  });

  it('does not matter at a public route', async () => {
    // Stripe's events are signed another way.
    const open = routes.filter(({ policy, path }) => policy === 'public' && path !== '/stripe/webhook');
    for (const { method, path } of open) {
      const answer = await api(`${method} ${path.replace(':id', 'free').replace(':token', token)}`, {
        headers: { authorization: 'Nostr ***' },
      });
      expect(answer.status).toBe(200);
    }
  });
});

describe("another tenant's things", () => {
  it('a pubkey in the path is a 403 to other tenants, and every such route is open to its tenant and to admins', async () => {
    const named = routes.filter(({ ownedBy }) => ownedBy === 'path');
    expect(named.length).toBeGreaterThan(8);
    for (const { method, path } of named) {
      expect([path, (await api(`${method} ${pathTo(path)}`, { as: stranger })).body.code]).toEqual([path, 'forbidden']);
    }
    // An account that lives is not deleted: the matrix has one that may end.
    const open = named.filter(({ method, path }) => method !== 'DELETE' && !/reconcile|stripe/.test(path));
    for (const { method, path } of open) {
      for (const as of [owner, ADMIN]) expect((await api(`${method} ${pathTo(path)}`, { as })).status).toBe(200);
    }
  });

  it('the page where a card is saved is a 403 to admins too', async () => {
    const { body } = await api(`GET /tenants/${owner.pubkey}/stripe/session`, { as: ADMIN });
    expect(body.code).toBe('forbidden');
  });

  it('an id is a 404 to other tenants, just as one that does not exist', async () => {
    const owned = routes.filter(({ ownedBy }) => ownedBy === 'resource');
    expect(owned.length).toBeGreaterThan(12);
    const missing = idMaker(systemClock)();
    for (const { method, path } of owned) {
      const [others, none, nonsense] = await Promise.all(
        [{}, { id: missing }, { id: 'no-uuid%00' }].map((ref) =>
          api(`${method} ${pathTo(path, ref)}`, { as: stranger }),
        ),
      );
      expect([path, others?.status, others?.body]).toEqual([path, 404, none?.body]);
      expect([path, nonsense?.status, nonsense?.body]).toEqual([path, 404, none?.body]);
    }
  });

  it('what is for admins is a 403 to tenants, of their own things too', async () => {
    const forAdmins = routes.filter(({ policy }) => policy === 'admin');
    for (const { method, path } of forAdmins) {
      expect((await api(`${method} ${pathTo(path)}`, { as: owner })).body.code).toBe('forbidden');
    }
  });
});

it('a key without an account is a 404 at its own paths, and nonsense as a key is never more than that', async () => {
  const nobody = newUser();
  for (const { method, path, policy } of routes.filter(({ ownedBy }) => ownedBy === 'path')) {
    const { pubkey } = nobody;
    const own = await api(`${method} ${pathTo(path, { pubkey })}`, { as: nobody });
    const nonsense = await api(`${method} ${pathTo(path, { pubkey: 'nonsense%00' })}`, { as: ADMIN });
    const forbidden = policy === 'sameTenantOnly' ? [403, 'forbidden'] : [404, 'not-found'];
    expect([path, own.status, own.body.code]).toEqual([path, 404, 'not-found']);
    expect([path, nonsense.status, nonsense.body.code]).toEqual([path, ...forbidden]);
  }
});

describe('a body', () => {
  // An upload is no JSON, and as long as it likes: its lines are looked at elsewhere.
  const commands = routes.filter((route) => route.method !== 'GET' && !isUpload(route));
  const send = ({ method, path }: { method: string; path: string }, body: unknown) => {
    const isForAdmins = commands.some((route) => route.path === path && route.policy === 'admin');
    return api(`${method} ${pathTo(path)}`, { as: isForAdmins ? ADMIN : owner, body });
  };

  it.each(['{', '{"a":}', 'a=1', '[]', '"text"', '5', 'null', 'true', '{"a":1}}'])(
    'that is no JSON object (%s) is a 400 at every command',
    async (text) => {
      for (const route of commands) {
        const { status, body } = await send(route, text);
        expect([route.path, status, body.code]).toEqual([route.path, 400, 'invalid-request']);
      }
    },
  );

  it('that is too large is a 413 at every command', async () => {
    for (const route of commands) {
      const { status, body } = await send(route, ' '.repeat(256 * 1024 + 1));
      expect([route.path, status, body.code]).toEqual([route.path, 413, 'payload-too-large']);
    }
  });

  const wrong: [string, object][] = [
    ['POST /tenants', { return_url: 5 }],
    ['POST /tenants', { return_url: null }],
    ['POST /tenants', { return_url: 'https://app.example/\u0000' }],
    ['PUT /tenants/:pubkey', { nwc_url: null }],
    ['PUT /tenants/:pubkey', { nwc_url: 5 }],
    ['POST /relays', {}],
    ['POST /relays', { subdomain: 'x' }],
    ['POST /relays', { subdomain: 'x', plan_id: 1 }],
    ['POST /relays', { subdomain: {}, plan_id: 'free' }],
    ['POST /relays', { subdomain: 'x', plan_id: 'free', push_enabled: 'yes' }],
    ['POST /relays', { subdomain: 'x', plan_id: 'free', info_name: 'a\u0000b' }],
    ['POST /relays', { subdomain: 'x', plan_id: 'free', info_icon: 'ftp://x' }],
    ['POST /relays', { subdomain: 'x', plan_id: 'free', tenant_pubkey: 'me' }],
    ['POST /relays', { subdomain: 'x', plan_id: 'free', custom_domain: 'x.relays.example' }],
    ['PUT /relays/:id', { plan_id: null }],
    ['PUT /relays/:id', { info_description: 'x'.repeat(5001) }],
    ['PUT /relays/:id', { blossom_enabled: 1.5 }],
    ['PUT /relays/:id', { subdomain: ['a'] }],
    ['POST /invoices/:id/void', { mode: 'delete', reason: 'x' }],
    ['POST /invoices/:id/void', { mode: 'forgive' }],
    ['POST /invoices/:id/void', { mode: 'forgive', reason: '  ' }],
    ['POST /tenants/:pubkey/adjustments', { amount: 0, reason: 'x' }],
    ['POST /tenants/:pubkey/adjustments', { amount: 1.5, reason: 'x' }],
    ['POST /tenants/:pubkey/adjustments', { amount: '5', reason: 'x' }],
    ['POST /tenants/:pubkey/adjustments', { amount: 2 ** 40, reason: 'x' }],
    ['POST /tenants/:pubkey/adjustments', { amount: -500, reason: 'a\u0000b' }],
    ['POST /tenants/:pubkey/adjustments', { amount: -500, reason: 'x'.repeat(301) }],
    ['POST /tenants/:pubkey/refunds', { amount: -5, reason: 'x' }],
    ['POST /tenants/:pubkey/refunds', { amount: 0, reason: 'x' }],
  ];
  it.each(wrong)('%s with %j is a 400 that names the field', async (name, body) => {
    const [method = '', path = ''] = name.split(' ');
    const answer = await send({ method, path }, body);
    expect([answer.status, answer.body.code]).toEqual([400, 'invalid-request']);
    const [detail] = answer.body.details as { path: string; message: string }[];
    expect(answer.body.error).toContain(detail?.path);
  });

  const odd = [
    '{"__proto__":{"subdomain":"x"},"constructor":1}',
    `{"subdomain":"${'a'.repeat(64)}","plan_id":"free"}`,
    '{"subdomain":"\\ud800","plan_id":"free"}',
    '{"subdomain":"ok-1","plan_id":"\\u0000"}',
    '{"subdomain":"ok-2","plan_id":"free","info_name":"\\ud800"}',
    '{"subdomain":"ok-3","plan_id":"free","info_name":"💥\\u202e"}',
    '{"subdomain":1e400,"plan_id":-0}',
    `{"return_url":"${'https://'.repeat(200)}","nwc_url":"nostr+walletconnect://"}`,
    `{"info_icon":"data:image/png;base64,${'A'.repeat(150_000)}"}`,
    `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`,
    '\ufeff{}',
  ];
  it.each(odd)('that is odd is answered, never with a 5xx (%#)', async (text) => {
    const commandsHere = commands.filter(({ path }) => !/reconcile|bolt11|checkout|preview/.test(path));
    for (const route of commandsHere)
      expect([route.path, (await send(route, text)).status < 500]).toEqual([route.path, true]);
  });
});

describe('a query', () => {
  const lists = routes.filter(
    ({ query, path }) => query !== undefined && !/revenue|stripe|checkout|events|usage/.test(path),
  );
  it.each([
    'limit=0',
    'limit=1001',
    'limit=-1',
    'limit=ten',
    'limit=1&limit=2',
    'limit=',
    'cursor=nonsense',
    'cursor=',
    'cursor=a&cursor=b',
    `cursor=${Buffer.from('99999999999999999999.x').toString('base64url')}`,
    `cursor=${'x'.repeat(300)}`,
  ])('%s is a 400 at every list', async (query) => {
    expect(lists.length).toBeGreaterThan(5);
    for (const { method, path, policy } of lists) {
      const answer = await api(`${method} ${pathTo(path)}?${query}`, { as: policy === 'admin' ? ADMIN : owner });
      expect([path, answer.status, answer.body.code]).toEqual([path, 400, 'invalid-request']);
    }
  });

  it('a cursor of another list finds a place, never a 5xx', async () => {
    const key = idMaker(systemClock)();
    for (const position of ['0', '253402300799999', '4000000000000']) {
      const cursor = Buffer.from(`${position}.${key}`).toString('base64url');
      for (const { method, path, policy } of lists) {
        const answer = await api(`${method} ${pathTo(path)}?cursor=${cursor}`, {
          as: policy === 'admin' ? ADMIN : owner,
        });
        expect([path, answer.status]).toEqual([path, 200]);
      }
    }
  });
});

it.each(['from=yesterday', 'from=-1', 'to=1.5', 'from=1&from=2', 'from=', 'from=2&to=1', 'to=999999999999'])(
  'a span of %s is a 400',
  async (query) => {
    const { status, body } = await api(`GET /revenue?${query}`, { as: ADMIN });
    expect([status, body.code]).toEqual([400, 'invalid-request']);
  },
);

it.each(['0', 'f'.repeat(32), 'F'.repeat(32), '%00', '..%2f..', `${'a'.repeat(32)}%0a`])(
  'a link that nobody was given (%s) is a 404',
  async (guess) => {
    const { status, body } = await api(`GET /i/${guess}`);
    expect([status, body.code]).toEqual([404, 'not-found']);
  },
);

it('what this version does not have is a 404 with a text the client can show', async () => {
  for (const call of [`GET /relays/${ids.relays}/backups`, 'GET /', 'PATCH /tenants']) {
    const { status, body } = await api(call, { as: owner });
    expect([status, body]).toEqual([404, { code: 'not-found', error: expect.stringMatching(/^This server has no /) }]);
  }
});
