import { createServer, type AddressInfo, type Server } from 'node:net';
import { manualClock } from '@caravel/domain';
import { WebSocket } from 'ws';
import type { NostrEvent } from './events.js';
import { relayPool } from './relay-pool.js';
import type { RelayPool, RelayPoolOptions, RelayResult } from './relay-pool-types.js';
import { openRelaySocket } from './relay-socket.js';
import { generateSecret, secretSigner } from './signer.js';
import { eventually } from './testing/eventually.js';
import { startTestRelay, wellBehaved, type Script, type TestRelay } from './testing/test-relay.js';

const signer = secretSigner(generateSecret());
const note = (content: string, created_at = 1_000): NostrEvent =>
  signer.sign({ kind: 1, created_at, tags: [], content });
const NOTES = [{ kinds: [1] }];
const DEAD = 'ws://127.0.0.1:1';

const started: { close: () => unknown }[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map(({ close }) => close()));
});

async function relay(script?: Script): Promise<TestRelay> {
  const server = await startTestRelay(script);
  started.push(server);
  return server;
}

function pool(options: RelayPoolOptions = {}): RelayPool {
  const made = relayPool({ backoff: { minMs: 5, maxMs: 20 }, ...options });
  started.unshift(made); // closed before the relays
  return made;
}

/** A port that accepts connections and never says a word. */
async function silentServer(): Promise<string> {
  const server: Server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const sockets = new Set<{ destroy: () => void }>();
  server.on('connection', (socket) => sockets.add(socket));
  started.push({
    close: () => {
      sockets.forEach((socket) => {
        socket.destroy();
      });
      server.close();
    },
  });
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('publish', () => {
  test('gives the event to every relay, one result each, in order', async () => {
    const [a, b] = [await relay(), await relay()];
    const event = note('hello');
    expect(await pool().publish([a.url, b.url], event)).toEqual([
      { url: a.url, ok: true, message: '', handed: true },
      { url: b.url, ok: true, message: '', handed: true },
    ]);
    expect(a.received).toContainEqual(['EVENT', event]);
  });

  test("a refusal is a result with the relay's words", async () => {
    const { url } = await relay({
      onMessage: ([, event], client) => {
        client.send(['OK', (event as NostrEvent).id, false, 'blocked: no']);
      },
    });
    expect(await pool().publish([url], note('x'))).toEqual([{ url, ok: false, message: 'blocked: no', handed: true }]);
  });

  test('dead, silent and impossible relays are results in time and do not stop the others', async () => {
    const [alive, silent] = [await relay(), await silentServer()];
    const results = await pool().publish([DEAD, silent, 'https://no.relay', alive.url], note('x'), { timeoutMs: 100 });
    expect(results).toMatchObject([
      { ok: false, handed: false, message: expect.stringContaining('ECONNREFUSED') },
      { ok: false, handed: false, message: 'timeout' },
      { ok: false, handed: false, message: 'not a relay address' },
      { ok: true, handed: true },
    ]);
  });

  test('a relay that takes the event and never answers was handed it', async () => {
    const { url } = await relay({});
    expect(await pool().publish([url], note('x'), { timeoutMs: 100 })).toEqual([
      { url, ok: false, message: 'timeout', handed: true },
    ]);
  });

  test('an OK for another event does not count', async () => {
    const { url } = await relay({
      onMessage: (_message, client) => {
        client.send(['OK', 'a'.repeat(64), true, '']);
      },
    });
    expect(await pool().publish([url], note('x'), { timeoutMs: 100 })).toMatchObject([
      { ok: false, message: 'timeout' },
    ]);
  });

  test('a relay that hangs up while we wait is a result at once', async () => {
    const { url } = await relay({
      onMessage: (_message, client) => {
        client.socket.terminate();
      },
    });
    const [result] = await pool().publish([url], note('x'), { timeoutMs: 60_000 });
    expect(result).toMatchObject({ ok: false, handed: true, message: expect.stringContaining('connection closed') });
  });

  test('once a relay has accepted, the others have as long as the caller says', async () => {
    const [alive, silent] = [await relay(), await relay({})];
    const given = { timeoutMs: 60_000, graceMs: 20 };
    expect(await pool().publish([silent.url, alive.url], note('x'), given)).toMatchObject([
      { ok: false, handed: true, message: 'slower than the others' },
      { ok: true },
    ]);
  });

  test('a refusal starts no such time', async () => {
    const refusing = await relay({
      onMessage: ([, event], client) => {
        client.send(['OK', (event as NostrEvent).id, false, 'blocked: no']);
      },
    });
    const silent = await relay({});
    const given = { timeoutMs: 100, graceMs: 0 };
    expect(await pool().publish([silent.url, refusing.url], note('x'), given)).toMatchObject([
      { ok: false, message: 'timeout' },
      { ok: false, message: 'blocked: no' },
    ]);
  });

  test('ends when the caller gives up, without handing over what was not sent', async () => {
    const controller = new AbortController();
    const publishing = pool().publish([await silentServer()], note('x'), { signal: controller.signal });
    controller.abort(new Error('enough'));
    expect(await publishing).toMatchObject([{ ok: false, handed: false, message: 'enough' }]);
  });
});

describe('authentication (NIP-42)', () => {
  test('authenticates when asked to and sends once more', async () => {
    const server = await relay(wellBehaved({ auth: true }));
    const event = note('x');
    expect(await pool({ auth: signer, clock: manualClock(1_234) }).publish([server.url], event)).toMatchObject([
      { ok: true },
    ]);
    const proofs = server.received.filter(([verb]) => verb === 'AUTH');
    expect(proofs).toMatchObject([
      [
        'AUTH',
        {
          kind: 22_242,
          pubkey: signer.pubkey,
          created_at: 1_234,
          tags: [
            ['relay', server.url],
            ['challenge', 'challenge-1'],
          ],
        },
      ],
    ]);
    expect(server.received.filter(([verb]) => verb === 'EVENT')).toEqual([
      ['EVENT', event],
      ['EVENT', event],
    ]);
  });

  test('queries and subscriptions authenticate too, once per connection', async () => {
    const stored = [note('a')];
    const server = await relay(wellBehaved({ auth: true, stored }));
    const client = pool({ auth: signer });
    const got: string[] = [];
    client.subscribe([server.url], NOTES, ({ content }) => got.push(content));
    expect(await client.query([server.url], NOTES)).toEqual(stored);
    await eventually(() => got.length === 1);
    expect(server.received.filter(([verb]) => verb === 'AUTH')).toHaveLength(1);
  });

  test('without a key to show, the demand is the result', async () => {
    const { url } = await relay(wellBehaved({ auth: true }));
    expect(await pool().publish([url], note('x'))).toMatchObject([{ ok: false, message: 'auth-required: who?' }]);
  });

  test('a relay that always asks again is asked twice and no more', async () => {
    const server = await relay({
      onConnect: (client) => {
        client.send(['AUTH', 'c']);
      },
      onMessage: ([verb, event], client) => {
        client.send(['OK', (event as NostrEvent).id, verb === 'AUTH', 'auth-required: again']);
      },
    });
    expect(await pool({ auth: signer }).publish([server.url], note('x'))).toMatchObject([
      { ok: false, message: 'auth-required: again' },
    ]);
    expect(server.received.filter(([verb]) => verb === 'EVENT')).toHaveLength(2);
  });

  test('a relay that demands and never challenges is a timeout', async () => {
    const { url } = await relay({
      onMessage: ([, event], client) => {
        client.send(['OK', (event as NostrEvent).id, false, 'auth-required: x']);
      },
    });
    expect(await pool({ auth: signer }).publish([url], note('x'), { timeoutMs: 100 })).toMatchObject([
      { ok: false, message: 'timeout' },
    ]);
  });

  test('a challenge may come after the demand', async () => {
    const { url } = await relay({
      onMessage([verb, event], client) {
        client.authenticated ||= verb === 'AUTH';
        client.send(['OK', (event as NostrEvent).id, client.authenticated, 'auth-required: x']);
        if (!client.authenticated) client.send(['AUTH', 'late']);
      },
    });
    expect(await pool({ auth: signer }).publish([url], note('x'))).toMatchObject([{ ok: true }]);
  });
});

describe('query', () => {
  test('merges relays without doubles, newest first, and says how each one ended', async () => {
    const [old, mid, young] = [note('old', 1), note('mid', 2), note('young', 3)];
    const [a, b] = [
      await relay(wellBehaved({ stored: [old, mid] })),
      await relay(wellBehaved({ stored: [mid, young] })),
    ];
    const ends: RelayResult[] = [];
    const events = await pool().query([a.url, b.url, DEAD], NOTES, { onRelay: (end) => ends.push(end) });
    expect(events).toEqual([young, mid, old]);
    expect(new Map(ends.map(({ url, ok }) => [url, ok]))).toEqual(
      new Map([
        [a.url, true],
        [b.url, true],
        [DEAD, false],
      ]),
    );
  });

  test('closes its subscription', async () => {
    const server = await relay();
    await pool().query([server.url], NOTES);
    await eventually(() => server.received.some(([verb]) => verb === 'CLOSE'));
  });

  test('a relay that never ends counts up to the deadline', async () => {
    const event = note('x');
    const { url } = await relay({
      onMessage: ([, id], client) => {
        client.send(['EVENT', id, event]);
      },
    });
    const ends: RelayResult[] = [];
    expect(await pool().query([url], NOTES, { timeoutMs: 100, onRelay: (end) => ends.push(end) })).toEqual([event]);
    expect(ends).toEqual([{ url, ok: false, message: 'timeout' }]);
  });

  test('a relay that refuses is told apart from one that has nothing', async () => {
    const { url } = await relay({
      onMessage: ([, id], client) => {
        client.send(['CLOSED', id, 'restricted: members only']);
      },
    });
    const ends: RelayResult[] = [];
    expect(await pool().query([url], NOTES, { onRelay: (end) => ends.push(end) })).toEqual([]);
    expect(ends).toEqual([{ url, ok: false, message: 'restricted: members only' }]);
  });

  test('only valid events that were asked for are taken', async () => {
    const good = note('good');
    const answers: unknown[] = [
      { ...note('forged'), content: 'changed' },
      { ...note('unsigned'), sig: '0'.repeat(128) },
      signer.sign({ kind: 2, created_at: 1, tags: [], content: 'not asked for' }),
      null,
      1,
      'event',
      [],
      {},
      { id: good.id },
      { ...good, id: undefined },
      good,
      { ...good, content: 'the same id with another text' },
    ];
    const { url } = await relay({
      onMessage([verb, id], client) {
        if (verb !== 'REQ') return;
        client.send(['EVENT', 'another subscription', note('elsewhere')]);
        for (const event of answers) client.send(['EVENT', id, event]);
        client.send(['EOSE', id]);
      },
    });
    expect(await pool().query([url], NOTES)).toEqual([good]);
  });

  test('nonsense between the events is passed over', async () => {
    const event = note('x');
    const { url } = await relay({
      onMessage([, id], client) {
        for (const junk of [
          '',
          'hello',
          '{',
          '[]',
          '{}',
          'null',
          '[1,2,3]',
          '["EVENT"]',
          '["OK"]',
          '["EOSE",{}]',
          '["NOTICE","hi"]',
          '['.repeat(50_000),
        ])
          client.send(junk);
        client.socket.send(Buffer.from([0xff, 0, 0xfe]));
        client.send(['EVENT', id, event]);
        client.send(['EOSE', id]);
      },
    });
    expect(await pool().query([url], NOTES)).toEqual([event]);
  });

  test('a relay that floods with what is invalid is hung up on', async () => {
    const server = await relay({
      onMessage([verb, id], client) {
        for (let i = 0; verb === 'REQ' && i < 200; i += 1)
          client.send(['EVENT', id, { ...note('x'), content: 'forged' }]);
      },
    });
    const ends: RelayResult[] = [];
    await pool().query([server.url], NOTES, { onRelay: (end) => ends.push(end) });
    expect(ends).toMatchObject([{ ok: false, message: expect.stringContaining('too many events') }]);
    await eventually(() => server.clients.size === 0);
  });

  test('no more events than wanted are taken', async () => {
    const stored = Array.from({ length: 20 }, (_, i) => note(`n${i}`));
    const { url } = await relay({
      onMessage([verb, id], client) {
        if (verb === 'REQ') for (const event of stored) client.send(['EVENT', id, event]); // and no end
      },
    });
    expect(await pool().query([url], NOTES, { maxEvents: 7, timeoutMs: 60_000 })).toHaveLength(7);
  });

  test.each<[string, RelayPoolOptions]>([
    ['by the socket', {}],
    [
      'by the pool when a caller made the socket',
      { connect: (url) => new WebSocket(url), maxMessageBytes: 1024 * 1024 },
    ],
  ])('a message that is too long ends the connection, %s', async (_who, options) => {
    const { url } = await relay({
      onMessage: ([, id], client) => {
        client.send(['EVENT', id, 'x'.repeat(1_100_000)]);
      },
    });
    const ends: RelayResult[] = [];
    expect(await pool(options).query([url], NOTES, { onRelay: (end) => ends.push(end) })).toEqual([]);
    expect(ends).toMatchObject([{ ok: false }]);
  });
});

describe('subscribe', () => {
  test('hears what is stored and what comes later, each once, from several relays', async () => {
    const first = note('first');
    const [a, b] = [await relay(wellBehaved({ stored: [first] })), await relay(wellBehaved({ stored: [first] }))];
    const client = pool();
    const got: string[] = [];
    const ready: string[] = [];
    client.subscribe([a.url, b.url], NOTES, {
      onEvent: ({ content }) => got.push(content),
      onReady: (url) => ready.push(url),
    });
    await eventually(() => ready.length === 2);
    await client.publish([a.url, b.url], note('second'));
    await eventually(() => got.length === 2);
    expect(got).toEqual(['first', 'second']);
  });

  test('what is not wanted is not looked at, and may be wanted when it comes again', async () => {
    const [wanted, later] = [note('wanted'), note('later')];
    const other = await relay(wellBehaved({ stored: [{ ...later, sig: '0'.repeat(128) }, wanted] }));
    const server = await relay(wellBehaved({ stored: [later] }));
    const got: string[] = [];
    let isBusy = true;
    const isUnwanted = (id: string) => isBusy && id === later.id;
    const client = pool();
    client.subscribe([other.url], NOTES, { onEvent: ({ content }) => got.push(content), isUnwanted });
    await eventually(() => got.length === 1);
    isBusy = false;
    client.subscribe([server.url], NOTES, { onEvent: ({ content }) => got.push(content), isUnwanted });
    await eventually(() => got.length === 2);
    expect(got).toEqual(['wanted', 'later']);
  });

  test('comes back after a relay was away, and asks again', async () => {
    const server = await startTestRelay();
    const got: string[] = [];
    const downs: string[] = [];
    const client = pool();
    client.subscribe([server.url], NOTES, {
      onEvent: ({ content }) => got.push(content),
      onDown: ({ message }) => downs.push(message),
    });
    await eventually(() => server.clients.size === 1);
    await server.close();
    await eventually(() => downs.length > 2);
    const again = await startTestRelay(wellBehaved({ stored: [note('after')] }), Number(new URL(server.url).port));
    started.push(again);
    await eventually(() => got.includes('after'));
    expect(downs.at(-1)).toContain('ECONNREFUSED');
  });

  test('asks again when the relay closes the subscription', async () => {
    const server = await relay({
      onMessage: ([verb, id], client) => {
        if (verb === 'REQ') client.send(['CLOSED', id, 'error: shutting down']);
      },
    });
    pool().subscribe([server.url], NOTES, () => undefined);
    await eventually(() => server.received.filter(([verb]) => verb === 'REQ').length >= 3);
  });

  test('nothing is heard after it is closed, and the relay is told', async () => {
    const server = await relay();
    const client = pool();
    const got: unknown[] = [];
    const subscription = client.subscribe([server.url], NOTES, (event) => got.push(event));
    await eventually(() => server.received.length > 0);
    subscription.close();
    await eventually(() => server.received.some(([verb]) => verb === 'CLOSE'));
    await client.publish([server.url], note('late'));
    expect(got).toEqual([]);
  });

  test('a listener that throws ends the connection, not the process, and is told as down', async () => {
    const { url } = await relay(wellBehaved({ stored: [note('x')] }));
    const downs: string[] = [];
    const subscription = pool().subscribe([url], NOTES, {
      onEvent: () => {
        throw new Error('bug');
      },
      onDown: ({ message }) => downs.push(message),
    });
    await eventually(() => downs.length > 0);
    subscription.close();
    expect(downs[0]).toBe('listener failed: bug');
  });

  test('notices a relay that vanished without a word', async () => {
    const server = await relay({
      ...wellBehaved(),
      onConnect: (client) => {
        client.socket.pong = () => undefined; // its answers to our pings are lost
      },
    });
    const downs: string[] = [];
    pool({ pingMs: 20 }).subscribe([server.url], NOTES, {
      onEvent: () => undefined,
      onDown: ({ message }) => downs.push(message),
    });
    await eventually(() => downs.includes('no sign of life'));
  });

  test('keeps a relay that answers pings', async () => {
    const server = await relay();
    const downs: unknown[] = [];
    let pings = 0;
    pool({ pingMs: 10 }).subscribe([server.url], NOTES, {
      onEvent: () => undefined,
      onDown: (down) => downs.push(down),
    });
    await eventually(() => server.clients.size === 1);
    for (const { socket } of server.clients) socket.on('ping', () => (pings += 1));
    await eventually(() => pings > 5);
    expect(downs).toEqual([]);
  });
});

describe('connections', () => {
  test('operations on one relay share one, whatever the spelling', async () => {
    const server = await relay();
    const client = pool();
    await Promise.all([
      client.publish([server.url], note('a')),
      client.publish([`${server.url}/`], note('b')),
      client.query([server.url], NOTES),
    ]);
    expect(server.connections()).toBe(1);
  });

  test('an idle one is closed, and the next operation opens another', async () => {
    const server = await relay();
    const client = pool({ idleMs: 10 });
    await client.publish([server.url], note('a'));
    await eventually(() => server.clients.size === 0);
    expect(await client.publish([server.url], note('b'))).toMatchObject([{ ok: true }]);
    expect(server.connections()).toBe(2);
  });

  test('the caller may open them, also asynchronously, and a refusal to do so is a result', async () => {
    const server = await relay();
    const asked: string[] = [];
    const client = pool({
      connect: async (url) => {
        asked.push(url);
        await Promise.resolve();
        if (url !== server.url) throw new Error('address not allowed');
        return openRelaySocket(url);
      },
    });
    expect(await client.publish([server.url, 'ws://10.0.0.1'], note('x'))).toMatchObject([
      { ok: true },
      { ok: false, handed: false, message: 'address not allowed' },
    ]);
    expect(asked).toEqual([server.url, 'ws://10.0.0.1']);
  });

  test('closing the pool ends everything under way', async () => {
    const server = await relay({});
    const client = pool();
    const downs: unknown[] = [];
    client.subscribe([server.url], NOTES, { onEvent: () => undefined, onDown: (down) => downs.push(down) });
    const operations = Promise.all([client.publish([server.url], note('x')), client.query([server.url], NOTES)]);
    await eventually(() => server.received.length === 3);
    client.close();
    expect(await operations).toMatchObject([[{ ok: false, handed: true }], []]);
    await eventually(() => server.clients.size === 0);
    expect(downs).toEqual([]);
    expect(await client.publish([server.url], note('y'))).toMatchObject([{ ok: false, handed: false }]);
  });

  test('a peer that ignores the closing handshake is cut off', async () => {
    const server = await relay({
      onConnect: ({ socket }) => {
        socket.pause();
      },
    });
    const sockets: WebSocket[] = [];
    const client = pool({
      connect: (url) => {
        const socket = openRelaySocket(url);
        sockets.push(socket);
        return socket;
      },
    });
    client.subscribe([server.url], NOTES, () => undefined);
    await eventually(() => server.clients.size === 1 && sockets[0]?.readyState === WebSocket.OPEN);
    client.close();
    await eventually(() => sockets[0]?.readyState === WebSocket.CLOSED);
  });
});
