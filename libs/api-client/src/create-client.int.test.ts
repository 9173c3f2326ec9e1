import { checkHttpAuth } from '@caravel/nostr';
import { checkAnswer } from './check.js';
import { createClient } from './create-client.js';
import type { ClientOptions } from './client-options.js';
import { keySigner } from './testing/key-signer.js';
import { hang, json, ok, reset, testServer } from './testing/test-server.js';
import type { Answerer, TestServer } from './testing/test-server.js';

const signer = keySigner();
const { pubkey } = signer;
const away = json(503, { error: 'Please try again.', code: 'service-unavailable' }, { 'Retry-After': '2' });
const servers: TestServer[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));

async function setUp(answers: [Answerer, ...Answerer[]], options: Partial<ClientOptions> = {}) {
  const server = await testServer(...answers);
  servers.push(server);
  const waits: number[] = [];
  const surroundings = { random: () => 0, sleep: (ms: number) => Promise.resolve(void waits.push(ms)) };
  const client = createClient({ serverUrl: server.url, signer, surroundings, ...options });
  return { client, server, waits };
}
const relay = { body: { subdomain: 'a', plan_id: 'free' } };

describe('requests', () => {
  it('are signed for the server, and what is public is not', async () => {
    const { client, server } = await setUp([ok([])]);
    await client.listTenantRelays({ pubkey, query: { limit: 10 } });
    await client.listPlans();
    expect(server.requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
      `GET /tenants/${pubkey}/relays?limit=10`,
      'GET /plans',
    ]);
    const [signed, open] = server.requests.map(({ headers }) => headers.authorization);
    expect(checkHttpAuth(signed, { mode: 'session', serverUrls: [server.url], nowS: 0 }).ok).toBe(true);
    expect(open).toBeUndefined();
  });

  it('in strict mode each try is signed, for what it is', async () => {
    const { client, server } = await setUp([away, ok({})], { mode: 'strict' });
    await client.createRelay(relay);
    const headers = server.requests.map(({ headers }) => headers.authorization);
    expect(new Set(headers).size).toBe(2);
    for (const [at, { method, url, body }] of server.requests.entries()) {
      const nowS = Math.floor(Date.now() / 1000);
      const policy = {
        mode: 'strict',
        serverUrls: [server.url],
        nowS,
        method,
        target: url,
        body: Buffer.from(body),
      } as const;
      expect(checkHttpAuth(headers[at], policy)).toMatchObject({ ok: true, pubkey });
    }
  });

  it('that need a signature fail without a signer, before anything is sent', async () => {
    const { server } = await setUp([ok({})]);
    await expect(createClient({ serverUrl: server.url }).getIdentity()).rejects.toThrow('needs a signer');
    expect(server.requests).toEqual([]);
  });
});

describe('tries', () => {
  it('a read is tried again after a refusal, a reset and a silence', async () => {
    const { client, server, waits } = await setUp([away, reset, hang, ok({ id: 'r' })], { tryTimeoutMs: 1_000 });
    expect(await client.getRelay({ id: 'r' })).toEqual({ id: 'r' });
    expect(server.requests).toHaveLength(4);
    expect(waits).toEqual([2_000, 300, 600]);
  });

  it('a command is tried again under its own key, and the next command has another', async () => {
    const { client, server } = await setUp([reset, away, ok({}), ok({})]);
    await client.createRelay(relay);
    await client.createRelay(relay);
    const keys = server.requests.map(({ headers }) => headers['idempotency-key']);
    expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(keys).toEqual([keys[0], keys[0], keys[0], expect.not.stringMatching(String(keys[0]))]);
    expect(new Set(server.requests.map(({ body }) => body)).size).toBe(1);
  });

  it("the caller's own key is used", async () => {
    const { client, server } = await setUp([ok({})]);
    await client.createTenant({}, { idempotencyKey: 'mine' });
    expect(server.requests[0]?.headers['idempotency-key']).toBe('mine');
  });

  it.each([
    ['updateRelay', json(503, { error: 'Later.', code: 'service-unavailable' }), { status: 503 }],
    ['updateRelay', reset, { status: 0, code: 'network' }],
    ['reconcileInvoice', reset, { code: 'network' }],
  ] as const)('%s, which takes no key, is tried once', async (name, answer, error) => {
    const { client, server } = await setUp([answer, ok({})]);
    await expect(client[name]({ id: 'i', body: {} })).rejects.toMatchObject({ ...error, retryable: true });
    expect(server.requests).toHaveLength(1);
  });

  it('end with the time of the call', async () => {
    const { client, server } = await setUp([hang], { timeoutMs: 150 });
    await expect(client.getIdentity()).rejects.toMatchObject({ code: 'timeout', retryable: true });
    expect(server.requests).toHaveLength(1);
  });

  it('end when the caller gives up, with its reason', async () => {
    const abort = new AbortController();
    const { client, server } = await setUp([
      () => {
        abort.abort(new Error('enough'));
      },
    ]);
    await expect(client.getIdentity(undefined, { signal: abort.signal })).rejects.toThrow('enough');
    await expect(client.getIdentity(undefined, { signal: abort.signal })).rejects.toThrow('enough');
    expect(server.requests).toHaveLength(1);
  });
});

describe('answers', () => {
  it('come out of their envelope with all their fields', async () => {
    const { client } = await setUp([ok({ id: 'r', newer: true })]);
    expect(await client.getRelay({ id: 'r' })).toEqual({ id: 'r', newer: true });
  });

  it('that refuse tell all they know', async () => {
    const details = [{ path: 'subdomain', message: 'must be text' }];
    const refusal = json(
      400,
      { error: 'subdomain: must be text.', code: 'invalid-request', details },
      { 'X-Request-Id': 'q' },
    );
    const { client } = await setUp([refusal]);
    await expect(client.createRelay(relay)).rejects.toMatchObject({
      name: 'ApiError',
      message: 'subdomain: must be text.',
      status: 400,
      code: 'invalid-request',
      details,
      requestId: 'q',
      retryable: false,
      retryAfterS: null,
    });
  });

  it.each([
    ['a page of a proxy', (response: Parameters<Answerer>[0]) => void response.end('<html>'), false],
    ['a bad gateway', (response: Parameters<Answerer>[0]) => void response.writeHead(502).end('<html>'), true],
    ['JSON without envelope', json(200, [1]), false],
  ])('that are %s can not be read', async (_what, answer, retryable) => {
    const { client } = await setUp([answer], { tries: 1 });
    await expect(client.listPlans()).rejects.toMatchObject({ code: 'unreadable-answer', retryable });
  });

  it('are compared with the contract on demand', async () => {
    const { client } = await setUp([ok({ pubkey, is_admin: false, newer: 1 }), ok({ pubkey })], { check: checkAnswer });
    expect(await client.getIdentity()).toMatchObject({ newer: 1 });
    await expect(client.getIdentity()).rejects.toMatchObject({ code: 'unreadable-answer' });
  });

  it('that are no JSON are streamed, for longer than a try may take', async () => {
    let body: Parameters<Answerer>[0] | undefined;
    const csv: Answerer = (response) => {
      response.writeHead(200, { 'Content-Type': 'text/csv' }).write('id\n');
      body = response;
    };
    const { client } = await setUp([csv], { tryTimeoutMs: 1_000, timeoutMs: 1_000 });
    const answer = await client.exportTenantInvoices({ pubkey });
    expect(answer.headers.get('Content-Type')).toBe('text/csv');
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader?.read())?.value).toBe('id\n');
    await new Promise((resolve) => {
      AbortSignal.timeout(1_100).addEventListener('abort', resolve);
    });
    body?.write('1\n');
    expect((await reader?.read())?.value).toBe('1\n');
    body?.end();
    expect((await reader?.read())?.done).toBe(true);
  });

  it('that come in pages are followed with their query', async () => {
    const { client, server } = await setUp([ok([1], { Link: '</x?limit=1&cursor=c>; rel="next"' }), ok([2])]);
    const seen: unknown[] = [];
    for await (const page of client.pages('listTenantRelays', { pubkey, query: { limit: 1 } })) seen.push(...page);
    expect(seen).toEqual([1, 2]);
    expect(server.requests[1]?.url).toBe(`/tenants/${pubkey}/relays?limit=1&cursor=c`);
  });
});
