import { unixSeconds } from '@caravel/domain';
import { generateSecret, type NostrEvent, secretSigner, type Signer } from '@caravel/nostr';
import { AbstractRelay } from 'nostr-tools/abstract-relay';
import { verifyEvent } from 'nostr-tools/pure';
import { WebSocket } from 'ws';

import { rawClient, type RawClient } from '../test-support/raw-client.js';
import { type RelayStandIn, startRelay } from './start-relay.js';

const nowS = () => unixSeconds(new Date());
const alice = secretSigner(generateSecret());
const bob = secretSigner(generateSecret());
const event = (signer: Signer, kind: number, parts: Partial<NostrEvent> = {}) =>
  signer.sign({ kind, created_at: nowS(), tags: [], content: '', ...parts });

let relay: RelayStandIn;
const clients: RawClient[] = [];
const connect = async (options = {}) => {
  const client = await rawClient(relay.url, options);
  clients.push(client);
  return client;
};
/** All events a REQ brings before EOSE. */
async function query(client: RawClient, ...filters: object[]): Promise<NostrEvent[]> {
  const id = `q${client.received.length}`;
  client.send('REQ', id, ...filters);
  await client.next('EOSE', id);
  client.send('CLOSE', id);
  return client.received.flatMap(([type, sub, found]) => (type === 'EVENT' && sub === id ? [found as NostrEvent] : []));
}
async function publish(client: RawClient, published: NostrEvent): Promise<unknown[]> {
  client.send('EVENT', published);
  return (await client.next('OK', published.id)).slice(2);
}
async function logIn(client: RawClient, signer: Signer, change: Partial<NostrEvent> = {}): Promise<unknown[]> {
  const [, challenge] = await client.next('AUTH');
  const tags = [
    ['relay', relay.url],
    ['challenge', String(challenge)],
  ];
  const auth = signer.sign({ kind: 22242, created_at: nowS(), tags, content: '', ...change });
  client.send('AUTH', auth);
  return (await client.next('OK', auth.id)).slice(2);
}

beforeEach(async () => {
  relay = await startRelay();
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await relay.stop();
});

describe('NIP-01 on a raw socket', () => {
  test('publishing twice is accepted and stored once', async () => {
    const client = await connect();
    const once = event(alice, 1);
    await publish(client, once);
    client.received.length = 0;
    expect((await publish(client, once))[0]).toBe(true);
    expect(relay.events()).toHaveLength(1);
  });

  test.each([
    ['a changed content', { content: 'other' }],
    ['a foreign signature', { sig: '0'.repeat(128) }],
    ['another author', { pubkey: bob.pubkey }],
    ['a tag that is no list', { tags: ['x'] as never }],
  ])('refuses %s', async (_, change) => {
    const client = await connect();
    const [accepted, text] = await publish(client, { ...event(alice, 1), ...change });
    expect([accepted, String(text).split(':')[0]]).toEqual([false, 'invalid']);
    expect(relay.events()).toEqual([]);
  });

  test('refuses an event from the future and one that has expired', async () => {
    const client = await connect();
    expect(await publish(client, event(alice, 1, { created_at: nowS() + 3600 }))).toMatchObject([false, /future/]);
    expect(await publish(client, event(alice, 1, { tags: [['expiration', '1000']] }))).toMatchObject([
      false,
      /expired/,
    ]);
  });

  test.each(['{', '[]', '["EVENT"]', '["REQ"]', '["COUNTS","a",{}]', '["EVENT",{"kind":1}]'])(
    'answers %s with a notice',
    async (text) => {
      const client = await connect();
      client.sendText(text);
      expect(await client.next('NOTICE')).toHaveLength(2);
    },
  );

  test('counts what matches (NIP-45)', async () => {
    const client = await connect();
    for (const [i, kind] of [1, 1, 7].entries()) await publish(client, event(alice, kind, { content: `no. ${i}` }));
    client.send('COUNT', 'n', { kinds: [1] });
    expect(await client.next('COUNT', 'n')).toEqual(['COUNT', 'n', { count: 2 }]);
  });

  test.each([{ ids: ['xyz'] }, { kinds: ['1'] }, { nonsense: ['x'] }, { '#pp': ['x'] }, { limit: -1 }])(
    'closes a subscription with the filter %j',
    async (filter) => {
      const client = await connect();
      client.send('REQ', 'bad', filter);
      expect(await client.next('CLOSED', 'bad')).toHaveLength(3);
    },
  );
});

describe('kinds', () => {
  test('of a replaceable kind only the newest stays, whatever the order of arrival', async () => {
    const client = await connect();
    const [old, fresh] = [event(alice, 10002, { created_at: nowS() - 9 }), event(alice, 10002)];
    await publish(client, fresh);
    expect(await publish(client, old)).toMatchObject([false, /^replaced:/]);
    expect(await query(client, { kinds: [10002] })).toEqual([fresh]);
  });
});

describe('NIP-09', () => {
  test('an author deletes by id and by address, and what is deleted stays away', async () => {
    const client = await connect();
    const note = event(alice, 1, { created_at: nowS() - 5 });
    const list = event(alice, 10002, { created_at: nowS() - 5 });
    await publish(client, note);
    await publish(client, list);
    const tags = [
      ['e', note.id],
      ['a', `10002:${alice.pubkey}:`],
    ];
    await publish(client, event(alice, 5, { tags }));
    expect(await query(client, { kinds: [1, 10002] })).toEqual([]);
    client.received.length = 0;
    expect(await publish(client, note)).toMatchObject([false, /^blocked:/]);
  });
});

describe('NIP-42 and gift wraps', () => {
  const wrap = (content = '') =>
    event(bob, 1059, { content, tags: [['p', alice.pubkey]], created_at: nowS() - 86_400 });

  test('a wrap is served to its authenticated recipient, stored and live', async () => {
    const client = await connect();
    const stored = wrap();
    await publish(client, stored);
    expect(await logIn(client, alice)).toEqual([true, '']);
    expect(await query(client, { kinds: [1059], '#p': [alice.pubkey] })).toEqual([stored]);
    client.send('REQ', 'live', { kinds: [1059] });
    await client.next('EOSE', 'live');
    client.received.length = 0;
    const live = wrap('live');
    await publish(client, live);
    expect((await client.next('EVENT', 'live'))[2]).toEqual(live);
  });

  test('nobody else sees it: not anonymous, not as another, not through a filter without kinds', async () => {
    const client = await connect();
    await publish(client, wrap());
    client.send('REQ', 'anonymous', { kinds: [1059] });
    expect((await client.next('CLOSED', 'anonymous'))[2]).toMatch(/^auth-required:/);
    expect(await query(client, { authors: [bob.pubkey] })).toEqual([]);
    await logIn(client, bob);
    client.send('REQ', 'other', { kinds: [1059], '#p': [alice.pubkey] });
    expect((await client.next('CLOSED', 'other'))[2]).toMatch(/^restricted:/);
    expect(await query(client, { kinds: [1059] })).toEqual([]);
  });

  test.each([
    ['another kind', { kind: 1 }],
    ['an old event', { created_at: nowS() - 3600 }],
    [
      'another challenge',
      {
        tags: [
          ['relay', 'ws://127.0.0.1'],
          ['challenge', 'x'],
        ],
      },
    ],
  ])('refuses to log in with %s', async (_, change) => {
    const client = await connect();
    expect(await logIn(client, alice, change)).toMatchObject([false, /^invalid:/]);
  });

  test('refuses an authentication made for another relay', async () => {
    const client = await connect();
    const [, challenge] = await client.next('AUTH');
    const tags = [
      ['relay', 'wss://relay.example.com'],
      ['challenge', String(challenge)],
    ];
    expect(await logIn(client, alice, { tags })).toMatchObject([false, /another relay/]);
  });
});

test('with authRequired nothing works before logging in, and everything after', async () => {
  await relay.stop();
  relay = await startRelay({ policy: { authRequired: true } });
  const client = await connect();
  const note = event(alice, 1);
  expect(await publish(client, note)).toMatchObject([false, /^auth-required:/]);
  client.send('REQ', 'early', { kinds: [1] });
  expect((await client.next('CLOSED', 'early'))[2]).toMatch(/^auth-required:/);
  await logIn(client, alice);
  client.received.length = 0;
  expect(await publish(client, note)).toEqual([true, '']);
  expect(await query(client, { kinds: [1] })).toEqual([note]);
});

test('a write policy can refuse', async () => {
  await relay.stop();
  relay = await startRelay({ policy: { refuseWrite: ({ kind }) => (kind === 4 ? 'blocked: no kind 4' : undefined) } });
  const client = await connect();
  expect(await publish(client, event(alice, 4))).toEqual([false, 'blocked: no kind 4']);
  expect(await publish(client, event(alice, 1))).toEqual([true, '']);
});

test('NIP-11 is served when asked for', async () => {
  const url = relay.url.replace('ws:', 'http:');
  const answer = await fetch(url, { headers: { accept: 'application/nostr+json' } });
  expect(answer.headers.get('access-control-allow-origin')).toBe('*');
  expect(await answer.json()).toMatchObject({ supported_nips: expect.arrayContaining([1, 9, 11, 42]) });
  expect(await (await fetch(url)).text()).toContain('Nostr client');
});

test('nostr-tools talks to it: publish, subscribe, authenticate', async () => {
  const theirs = await AbstractRelay.connect(relay.url, {
    verifyEvent,
    websocketImplementation: WebSocket as never,
  });
  const note = event(alice, 1);
  await theirs.publish(note);
  await theirs.auth((template) => Promise.resolve({ ...alice.sign(template) } as never));
  const found = await new Promise<unknown[]>((resolve) => {
    const seen: unknown[] = [];
    theirs.subscribe([{ kinds: [1] }], {
      onevent: (each) => seen.push(each),
      oneose: () => {
        resolve(seen);
      },
    });
  });
  expect(found).toMatchObject([note]);
  theirs.close();
});

describe('faults', () => {
  test('fail refuses once, then works again', async () => {
    const client = await connect();
    relay.faults.set([{ match: 'EVENT 1', mode: 'fail', times: 1 }]);
    const note = event(alice, 1);
    expect(await publish(client, note)).toMatchObject([false, /^error:/]);
    client.received.length = 0;
    expect(await publish(client, note)).toEqual([true, '']);
  });

  test('drop-answer stores without OK, hang does neither', async () => {
    const client = await connect();
    const [kept, lost] = [event(alice, 1), event(alice, 7)];
    relay.faults.set([
      { match: 'EVENT 1', mode: 'drop-answer' },
      { match: 'EVENT 7', mode: 'hang' },
    ]);
    client.send('EVENT', kept);
    client.send('EVENT', lost);
    expect(await query(client, { kinds: [1, 7] })).toEqual([kept]);
    expect(client.received.some(([type]) => type === 'OK')).toBe(false);
  });

  test('late answers late', async () => {
    const client = await connect();
    relay.faults.set([{ match: 'EVENT', mode: 'late', ms: 60, times: 1 }]);
    const startedMs = performance.now();
    await publish(client, event(alice, 1));
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(55);
  });

  test('connections can be refused and dropped', async () => {
    const client = await connect();
    relay.actions['drop-connections']?.(undefined);
    await client.closed();
    relay.faults.set([{ match: 'CONNECT', mode: 'fail', status: 503, times: 1 }]);
    await expect(connect()).rejects.toThrow('503');
    await connect();
  });

  test('every message is recorded', async () => {
    const client = await connect();
    await publish(client, event(alice, 1));
    expect(relay.calls.list().map(({ subject }) => subject)).toEqual(['CONNECT', 'EVENT 1']);
  });
});
