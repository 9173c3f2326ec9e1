import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { api } from '@caravel/api-contract';
import { manualClock } from '@caravel/domain';
import { generateSecret, makeHttpAuth, secretSigner } from '@caravel/nostr';
import { createLogger } from '@caravel/service';
import { fakeDeps } from '../testing/fake-deps.js';
import { CANARY, hostileHeaders, validHeader } from '../testing/hostile-headers.js';
import { authenticator } from './authenticate.js';
import type { AuthMode } from './authenticate.js';
import { defineRoute } from './define-route.js';
import { gatewayApp } from './gateway-app.js';

const SERVER = 'https://api.example';
const NOW_S = 1_800_000_000;
const used = new Set<string>();
const useOnce = (eventId: string) => Promise.resolve(used.size < used.add(eventId).size);
const modes: [string, AuthMode, string][] = [
  ['session', { mode: 'session' }, SERVER],
  ['strict', { mode: 'strict', useOnce }, `${SERVER}/identity`],
];

const servers: Server[] = [];
afterAll(() => {
  for (const server of servers) server.close();
});

/** A gateway with one route, what it logs, and a way to ask it. */
async function gate(auth: AuthMode) {
  const lines: string[] = [];
  const log = createLogger({
    service: 'test',
    level: 'trace',
    destination: { write: (line) => void lines.push(line) },
  });
  const clock = manualClock(NOW_S);
  const authenticate = authenticator({ serverUrls: [SERVER], adminPubkeys: [], auth, clock, log });
  const identity = defineRoute(api.getIdentity, {
    handler: ({ caller }) => Promise.resolve({ pubkey: caller.pubkey, is_admin: caller.isAdmin }),
  });
  const listener = gatewayApp({
    routes: [identity],
    deps: fakeDeps({ log }),
    authenticate,
    allowOrigins: [],
    trustedProxies: [],
  });
  // Node itself takes no more than 16 KiB of headers: a gate of ours must not rely on it.
  const server = createServer({ maxHeaderSize: 128 * 1024 }, listener).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { lines, ask: (header?: string) => get(`http://127.0.0.1:${port}/identity`, header) };
}

async function get(url: string, authorization?: string): Promise<{ status?: number | undefined; body: string }> {
  return new Promise((resolve, reject) => {
    const headers = { 'x-request-id': 'same', ...(authorization !== undefined && { authorization }) };
    request(url, { headers, agent: false }, (response) => {
      let body = '';
      response.on('data', (data) => (body += String(data)));
      response.on('end', () => {
        resolve({ status: response.statusCode, body });
      });
    })
      .on('error', reject)
      .end();
  });
}

const REFUSED = {
  status: 401,
  body: JSON.stringify({
    error: 'Please sign in again: this needs a valid Nostr signature (NIP-98).',
    code: 'unauthorized',
  }),
};

describe.each(modes)('%s mode', (_name, auth, url) => {
  let gateway: Awaited<ReturnType<typeof gate>>;
  beforeAll(async () => {
    gateway = await gate(auth);
  });

  it('takes the header that all others are made from', async () => {
    expect(await gateway.ask(validHeader(url, NOW_S))).toMatchObject({ status: 200 });
  });

  it.each(hostileHeaders(url, NOW_S))('refuses $name ($reason), says no more, and tells the log why', async (row) => {
    gateway.lines.length = 0;
    expect(await gateway.ask(row.header)).toEqual(REFUSED);
    const logged = gateway.lines.join('');
    expect(gateway.lines.map((line) => JSON.parse(line) as unknown)).toContainEqual(
      expect.objectContaining({ reason: row.reason, requestId: 'same', msg: 'request not authenticated' }),
    );
    const payload = row.header?.split(' ')[1] ?? '';
    for (const secret of [CANARY, ...(payload.length > 8 ? [payload.slice(0, 60)] : [])]) {
      expect(logged).not.toContain(secret);
    }
  });
});

it('there are more than 40 of them, each with a name of its own', () => {
  const names = hostileHeaders(SERVER, NOW_S).map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names.length).toBeGreaterThan(40);
});

describe('strict mode alone', () => {
  const signer = secretSigner(generateSecret());
  const signed = (changes: object) =>
    makeHttpAuth({ signer, url: `${SERVER}/identity`, nowS: NOW_S, method: 'GET', ...changes });
  const withTags = (...tags: string[][]) => {
    const event = signer.sign({
      kind: 27_235,
      created_at: NOW_S,
      tags: [['u', `${SERVER}/identity`], ...tags],
      content: '',
    });
    return `Nostr ${Buffer.from(JSON.stringify(event)).toString('base64')}`;
  };
  let gateway: Awaited<ReturnType<typeof gate>>;
  beforeAll(async () => {
    gateway = await gate({ mode: 'strict', useOnce });
  });

  it.each([
    ['a header for the whole server', 'url', signed({ url: SERVER })],
    ['a query that was not signed', 'url', signed({ url: `${SERVER}/identity?x=1` })],
    ['another method', 'method', signed({ method: 'POST' })],
    ['no method', 'method', withTags()],
    ['our method first and another last', 'method', withTags(['method', 'GET'], ['method', 'PUT'])],
    ['an event of 61 seconds ago', 'too-old', signed({ nowS: NOW_S - 61 })],
    ['an event in 61 seconds', 'too-old', signed({ nowS: NOW_S + 61 })],
    ['a hash of a body that is not there', 'payload', signed({ body: 'x' })],
    ['an empty hash', 'payload', withTags(['method', 'GET'], ['payload', ''])],
  ])('refuses %s (%s)', async (_what, reason, header) => {
    gateway.lines.length = 0;
    expect(await gateway.ask(header)).toEqual(REFUSED);
    expect(gateway.lines.join('')).toContain(`"reason":"${reason}"`);
  });

  it('refuses what it took before (replayed)', async () => {
    const header = signed({ nowS: NOW_S - 5 });
    expect(await gateway.ask(header)).toMatchObject({ status: 200 });
    gateway.lines.length = 0;
    expect(await gateway.ask(header)).toEqual(REFUSED);
    expect(gateway.lines.join('')).toContain('"reason":"replayed"');
  });
});
