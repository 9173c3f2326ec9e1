import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { idMaker, manualClock } from '@caravel/domain';
import { checkHttpAuth, generateSecret, secretSigner } from '@caravel/nostr';
import { createMetrics } from '@caravel/service';
import { zooidClient } from './zooid-client.js';

const NOW_S = 1_800_000_000;
const clock = manualClock(NOW_S);
const signer = secretSigner(generateSecret());
const id = idMaker(clock)();
const signal = new AbortController().signal;
const metrics = createMetrics('test');
const skews: number[] = [];

interface Seen {
  method: string;
  target: string;
  headers: IncomingMessage['headers'];
  body: string;
}
const seen: Seen[] = [];
let answer: (response: ServerResponse) => unknown;
const server = createServer((request, response) => {
  void text(request).then((body) => {
    seen.push({ method: request.method ?? '', target: request.url ?? '', headers: request.headers, body });
    answer(response);
  });
});
let url: string;
beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => {
  seen.length = 0;
  skews.length = 0;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const client = (apiUrl = url) =>
  zooidClient({
    apiUrl,
    signer,
    clock,
    metrics,
    secrets: ['operator-key'],
    timeoutMs: 200,
    onClockSkew: (skewMs) => skews.push(skewMs),
  });
const answering = (status: number, body: unknown, headers = {}) => {
  answer = (response) =>
    response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));
};

describe('a management call', () => {
  it('carries a strict NIP-98 event of its own for URL, method and body', async () => {
    answering(201, { message: 'created' });
    expect(await client(`${url}/base/`).create(id, { host: 'h' }, signal)).toEqual({ kind: 'done' });
    const [{ method, target, headers, body } = { method: '', target: '', headers: {}, body: '' }] = seen;
    expect([method, target, body]).toEqual(['POST', `/base/relay/${id}`, '{"host":"h"}']);
    expect(headers.host).toBe(new URL(url).host);
    expect(
      checkHttpAuth(headers.authorization, {
        mode: 'strict',
        serverUrls: [url],
        nowS: NOW_S,
        method,
        target,
        body: Buffer.from(body),
      }),
    ).toMatchObject({ ok: true, pubkey: signer.pubkey });
  });

  it("tells zooid's clock against ours", async () => {
    answering(200, {}, { date: new Date((NOW_S + 90) * 1000).toUTCString() });
    await client().patch(id, {}, signal);
    expect(skews).toEqual([90_000]);
  });

  it.each([
    [200, { kind: 'done' }],
    [404, { kind: 'missing' }],
    [409, { kind: 'conflict' }],
    [401, { kind: 'refused', reason: 'The relay server refused (401)' }],
  ])('PATCH %i is %p', async (status, expected) => {
    answering(status, { error: 'why' });
    expect(await client().patch(id, {}, signal)).toEqual(expected);
  });

  it('says why a configuration was refused, without any secret', async () => {
    answering(400, { error: 'bad s3: short-key / operator-key' });
    expect(await client().create(id, { blossom: { s3: { secret_key: 'short-key' } } }, signal)).toEqual({
      kind: 'refused',
      reason: 'The relay server refused (400): bad s3: [hidden] / [hidden]',
    });
  });

  it.each([500, 503, 429, 302])('%i leaves the outcome unknown', async (status) => {
    answering(status, { error: 'operator-key' });
    await expect(client().create(id, {}, signal)).rejects.toMatchObject({
      code: 'service-unavailable',
      message: `The relay server answered with an error (${status}).`,
      detail: '[hidden]',
    });
  });

  it('that is not answered ends at its deadline', async () => {
    answer = () => undefined;
    await expect(client().create(id, {}, signal)).rejects.toThrow('The relay server did not answer in time.');
  });

  it('that is cut off, or refused a connection, leaves the outcome unknown', async () => {
    answer = (response) => response.writeHead(200, { 'content-length': 100 }).write('{', () => response.destroy());
    await expect(client().create(id, {}, signal)).rejects.toThrow('The relay server could not be reached.');
    await expect(client('http://127.0.0.1:1').create(id, {}, signal)).rejects.toThrow('could not be reached');
  });

  it('reads no endless answer', async () => {
    answering(200, 'x'.repeat(70_000));
    await expect(client().create(id, {}, signal)).rejects.toThrow('could not be reached');
  });

  it('is counted by outcome, a 500 as a failure', async () => {
    answering(500, {});
    await client()
      .patch(id, {}, signal)
      .catch(() => undefined);
    const counted = /_count\{.*target="zooid",operation="patch",outcome="service-unavailable"\} 1$/m;
    expect(counted.test(await metrics.registry.metrics())).toBe(true);
  });
});

describe('members', () => {
  const member = 'ab'.repeat(32);

  it('are the keys zooid lists, none is null for a relay it does not know', async () => {
    answering(200, { members: [member] });
    expect(await client().members(id, signal)).toEqual([member]);
    expect(seen[0]).toMatchObject({ method: 'GET', target: `/relay/${id}/members` });
    answering(404, { error: 'not found' });
    expect(await client().members(id, signal)).toBeNull();
  });

  it.each([
    [200, { members: ['x'] }],
    [200, 'nonsense'],
    [500, {}],
  ])('%i %p is no answer', async (status, body) => {
    answering(status, body);
    await expect(client().members(id, signal)).rejects.toMatchObject({ code: 'service-unavailable' });
  });
});

describe('a NIP-11 document', () => {
  it("is asked under the relay's own host name at zooid's address", async () => {
    answering(200, { name: 'N', pubkey: 'p', icon: null, supported_nips: [1] });
    expect(await client(`${url}/base`).relayInfo('team.relays.example', signal)).toEqual({
      name: 'N',
      icon: '',
      description: '',
      pubkey: 'p',
    });
    expect(seen[0]).toMatchObject({
      target: '/',
      headers: { host: 'team.relays.example', accept: 'application/nostr+json' },
    });
  });

  it('is null where nothing is served, and an error is no such answer', async () => {
    answering(404, '');
    expect(await client().relayInfo('a.b', signal)).toBeNull();
    answering(200, '<html>');
    await expect(client().relayInfo('a.b', signal)).rejects.toMatchObject({ code: 'service-unavailable' });
    answering(502, '');
    await expect(client().relayInfo('a.b', signal)).rejects.toMatchObject({ code: 'service-unavailable' });
  });
});
