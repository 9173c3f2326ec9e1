import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { unixSeconds } from '@caravel/domain';
import { generateSecret, type NostrEvent, secretSigner, type Signer } from '@caravel/nostr';

import { httpRequest } from '../test-support/http-request.js';
import { poll } from '../test-support/poll.js';
import { rawClient } from '../test-support/raw-client.js';
import { startZooid, type ZooidStandIn } from './start-zooid.js';

const nowS = () => unixSeconds(new Date());
const robot = secretSigner(generateSecret());
const owner = secretSigner(generateSecret());
const stranger = secretSigner(generateSecret());
const relaySecret = generateSecret();
const config = {
  host: 'one.relays.localhost',
  schema: 'r_one',
  secret: relaySecret,
  info: { name: 'One', icon: 'https://example.com/i.png', description: 'The first', pubkey: owner.pubkey },
  policy: { public_join: true },
};

let dir: string;
let zooid: ZooidStandIn;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'zooid-'));
  zooid = await startZooid({ dir, whitelist: [robot.pubkey], reloadDelayMs: 5 });
});
afterEach(async () => {
  await zooid.stop();
  rmSync(dir, { recursive: true, force: true });
});

function authorization(method: string, url: string, change: Partial<NostrEvent> & { signer?: Signer } = {}): string {
  const { signer = robot, ...parts } = change;
  const tags = [
    ['u', url],
    ['method', method],
  ];
  const event = signer.sign({ kind: 27_235, created_at: nowS(), tags, content: '', ...parts });
  return `Nostr ${Buffer.from(JSON.stringify(event)).toString('base64')}`;
}
function manage(method: string, path: string, body?: unknown) {
  const url = `${zooid.url}${path}`;
  const headers = { authorization: authorization(method, url) };
  return httpRequest(url, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
}
const nip11 = (host: string) =>
  httpRequest(zooid.url, { headers: { host, accept: 'application/nostr+json' } }).then((answer) =>
    answer.status === 200 ? (answer.json() as Record<string, unknown>) : undefined,
  );
const isLive = (host = config.host) => poll(() => nip11(host));
const isGone = (host = config.host) => poll(async () => ((await nip11(host)) ? undefined : true));

describe('who may manage', () => {
  const path = '/relay/one/members';
  const ask = (headers: Record<string, string>) => httpRequest(`${zooid.url}${path}`, { headers });

  test.each<[string, (url: string) => string]>([
    ['another kind', (url) => authorization('GET', url, { kind: 1 })],
    ['a signature from 61 s ago', (url) => authorization('GET', url, { created_at: nowS() - 62 })],
    ['a signature from the future', (url) => authorization('GET', url, { created_at: nowS() + 62 })],
    ['another path', (url) => authorization('GET', `${url}/x`)],
    ['the query in u', (url) => authorization('GET', `${url}?a=1`)],
    ['https in u', (url) => authorization('GET', url.replace('http:', 'https:'))],
    ['another host in u', (url) => authorization('GET', url.replace('127.0.0.1', 'localhost'))],
    ['another method', (url) => authorization('POST', url)],
    ['no method tag', (url) => authorization('GET', url, { tags: [['u', url]] })],
    ['another scheme', (url) => authorization('GET', url).replace('Nostr', 'Bearer')],
    ['no base64', () => 'Nostr {}'],
    ['nothing', () => ''],
  ])('refuses %s with 401', async (_, header) => {
    const answer = await ask({ authorization: header(`${zooid.url}${path}`) });
    expect([answer.status, Object.keys(answer.json() as object)]).toEqual([401, ['error']]);
  });

  test('refuses a forged signature with 401', async () => {
    const event = { ...owner.sign({ kind: 27_235, created_at: nowS(), tags: [], content: '' }), pubkey: robot.pubkey };
    const token = Buffer.from(JSON.stringify(event)).toString('base64');
    expect((await ask({ authorization: `Nostr ${token}` })).status).toBe(401);
  });

  test('refuses a key that is not on the whitelist with 403', async () => {
    const answer = await ask({ authorization: authorization('GET', `${zooid.url}${path}`, { signer: stranger }) });
    expect([answer.status, answer.json()]).toEqual([403, { error: 'pubkey not in whitelist' }]);
  });

  test('takes the method in any case, and https behind a proxy that says so', async () => {
    const url = `${zooid.url}${path}`.replace('http:', 'https:');
    const tags = [
      ['u', url],
      ['method', 'get'],
    ];
    const headers = { authorization: authorization('GET', url, { tags }), 'x-forwarded-proto': 'https' };
    expect((await ask(headers)).status).toBe(404); // past the check: there is no such relay
  });

  test('the API exists at its own host only', async () => {
    const answer = await httpRequest(`${zooid.url}${path}`, { headers: { host: 'other.localhost' } });
    expect(answer.status).toBe(404);
  });
});

describe('POST', () => {
  test('201, and a moment later the relay answers NIP-11 at its host', async () => {
    const answer = await manage('POST', '/relay/one', config);
    expect([answer.status, answer.json()]).toEqual([201, { message: 'relay created' }]);
    expect(await isLive()).toMatchObject({ ...config.info, self: secretSigner(relaySecret).pubkey });
    expect(await nip11(`${config.host}:3334`)).toMatchObject({ name: 'One' });
  });

  test('the 201 comes before the change is live', async () => {
    await zooid.stop();
    zooid = await startZooid({ dir, whitelist: [robot.pubkey], reloadDelayMs: 50 });
    await manage('POST', '/relay/one', config);
    expect(await nip11(config.host)).toBeUndefined();
    await isLive();
  });

  test('409 when the id exists, or another relay has the host or the schema', async () => {
    await manage('POST', '/relay/one', config);
    const statuses = await Promise.all([
      manage('POST', '/relay/one', { ...config, host: 'x.localhost', schema: 'x' }),
      manage('POST', '/relay/two', { ...config, schema: 'x' }),
      manage('POST', '/relay/two', { ...config, host: 'x.localhost' }),
    ]);
    expect(statuses.map(({ status }) => status)).toEqual([409, 409, 409]);
  });

  test.each<[string, object]>([
    ['host', {}],
    ['schema is required', { host: 'a' }],
    ['not a valid name', { host: 'a', schema: '1a' }],
    ['not a valid name', { host: 'a', schema: 'a-b' }],
    ['secret', { host: 'a', schema: 'a' }],
    ['secret', { host: 'a', schema: 'a', secret: 'xyz' }],
    ['secret', { host: 'a', schema: 'a', secret: '' }],
    ['info.pubkey', { host: 'a', schema: 'a', secret: '01' }],
    ['info.pubkey', { host: 'a', schema: 'a', secret: '01', info: { pubkey: 'ab' } }],
    ['region', { ...config, blossom: { enabled: true, adapter: 's3', s3: { bucket: 'b' } } }],
    ['adapter', { ...config, blossom: { adapter: 'ftp' } }],
    ['wrong type', { ...config, inactive: 'yes' }],
  ])('400 names the first thing wrong: %s', async (expected, body) => {
    const answer = await manage('POST', '/relay/one', body);
    expect([answer.status, answer.json()]).toEqual([400, { error: expect.stringContaining(expected) }]);
  });

  test('400 for a body that is not JSON or longer than 1 MiB', async () => {
    const headers = { authorization: authorization('POST', `${zooid.url}/relay/one`) };
    for (const body of ['{', `{"host":"${'x'.repeat(1024 * 1024)}"}`]) {
      expect((await httpRequest(`${zooid.url}/relay/one`, { method: 'POST', headers, body })).status).toBe(400);
    }
  });

  test('a short secret is padded with zeros on the left', async () => {
    await manage('POST', '/relay/one', { ...config, secret: '01' });
    expect(await isLive()).toMatchObject({ self: secretSigner('1'.padStart(64, '0')).pubkey });
  });
});

describe('PUT, PATCH, DELETE', () => {
  test('404 for a relay that is not there', async () => {
    const answers = ['PUT', 'PATCH', 'DELETE'].map((method) => manage(method, '/relay/none', config));
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([404, 404, 404]);
    expect((await manage('GET', '/relay/none/members')).status).toBe(404);
  });

  test('PATCH merges: what is not named stays, the secret too', async () => {
    await manage('POST', '/relay/one', config);
    const self = (await isLive())['self'];
    expect((await manage('PATCH', '/relay/one', { info: { name: 'New', icon: null } })).status).toBe(200);
    const document = await poll(async () =>
      (await nip11(config.host))?.['name'] === 'New' ? nip11(config.host) : undefined,
    );
    expect(document).toMatchObject({ name: 'New', icon: '', description: 'The first', self });
  });

  test('PATCH is checked like a whole configuration', async () => {
    await manage('POST', '/relay/one', config);
    await manage('POST', '/relay/two', { ...config, host: 'two.localhost', schema: 'r_two' });
    expect((await manage('PATCH', '/relay/one', { info: { pubkey: null } })).status).toBe(400);
    expect((await manage('PATCH', '/relay/one', { host: 'two.localhost' })).status).toBe(409);
    expect((await manage('PATCH', '/relay/one', { host: config.host })).status).toBe(200);
  });

  test('PUT replaces and needs everything', async () => {
    await manage('POST', '/relay/one', config);
    expect((await manage('PUT', '/relay/one', { host: config.host })).status).toBe(400);
    expect((await manage('PUT', '/relay/one', { ...config, info: { pubkey: owner.pubkey } })).status).toBe(200);
    await poll(async () => ((await nip11(config.host))?.['name'] === '' ? true : undefined));
  });

  test('an inactive relay is 404 for everybody and still lists its members', async () => {
    await manage('POST', '/relay/one', config);
    await isLive();
    zooid.setMembers('one', [stranger.pubkey]);
    await manage('PATCH', '/relay/one', { inactive: true });
    await isGone();
    await expect(rawClient(zooid.url.replace('http', 'ws'), { headers: { host: config.host } })).rejects.toThrow('404');
    expect((await manage('GET', '/relay/one/members')).json()).toEqual({ members: [stranger.pubkey] });
    await manage('PATCH', '/relay/one', { inactive: false });
    await isLive();
  });

  test('DELETE forgets the configuration and keeps the events', async () => {
    await manage('POST', '/relay/one', config);
    await isLive();
    zooid.setMembers('one', [stranger.pubkey]);
    expect((await manage('DELETE', '/relay/one')).status).toBe(200);
    await isGone();
    await manage('POST', '/relay/one', config);
    expect((await manage('GET', '/relay/one/members')).json()).toEqual({ members: [stranger.pubkey] });
  });
});

describe('a community relay', () => {
  const connect = async (signer?: Signer) => {
    const client = await rawClient(zooid.url.replace('http', 'ws'), { headers: { host: config.host } });
    if (!signer) return client;
    const [, challenge] = await client.next('AUTH');
    const tags = [
      ['relay', `wss://${config.host}`],
      ['challenge', String(challenge)],
    ];
    const auth = signer.sign({ kind: 22_242, created_at: nowS(), tags, content: '' });
    client.send('AUTH', auth);
    expect(await client.next('OK', auth.id)).toEqual(['OK', auth.id, true, '']);
    return client;
  };
  const note = (signer: Signer, kind = 1) => signer.sign({ kind, created_at: nowS(), tags: [], content: 'hello' });
  const publish = async (client: Awaited<ReturnType<typeof connect>>, event: NostrEvent) => {
    client.send('EVENT', event);
    return (await client.next('OK', event.id)).slice(2);
  };
  beforeEach(async () => {
    await manage('POST', '/relay/one', config);
    await isLive();
  });

  test('the owner writes and reads; strangers do neither', async () => {
    const [ofOwner, ofStranger, anonymous] = [await connect(owner), await connect(stranger), await connect()];
    const mine = note(owner);
    expect(await publish(ofOwner, mine)).toEqual([true, '']);
    ofOwner.send('REQ', 'all', { kinds: [1] });
    expect((await ofOwner.next('EVENT'))[2]).toEqual(mine);
    expect(await publish(ofStranger, note(stranger))).toMatchObject([false, /^restricted:/]);
    expect(await publish(anonymous, note(owner))).toMatchObject([false, /^auth-required:/]);
    for (const [client, prefix] of [
      [ofStranger, /^restricted:/],
      [anonymous, /^auth-required:/],
    ] as const) {
      client.send('REQ', 'all', { kinds: [1] });
      expect((await client.next('CLOSED', 'all'))[2]).toMatch(prefix);
    }
  });

  test('nobody publishes what another signed, not even the owner', async () => {
    expect(await publish(await connect(owner), note(stranger))).toMatchObject([false, /for others/]);
  });

  test('joining and leaving change the members that the API lists', async () => {
    const members = () => manage('GET', '/relay/one/members').then((answer) => answer.json());
    const client = await connect(stranger);
    expect(await publish(client, note(stranger, 28_934))).toEqual([true, '']);
    expect(await members()).toEqual({ members: [stranger.pubkey] });
    expect(await publish(client, note(stranger))).toEqual([true, '']);
    expect(await publish(client, note(stranger, 28_936))).toEqual([true, '']);
    expect(await members()).toEqual({ members: [] });
  });

  test('a member cannot write the membership list', async () => {
    expect(await publish(await connect(owner), note(owner, 13_534))).toMatchObject([false, /^restricted:/]);
  });

  test('a PATCH cuts the connections when it becomes live', async () => {
    const client = await connect(owner);
    await manage('PATCH', '/relay/one', { info: { name: 'New' } });
    await client.closed();
  });

  test('a restart keeps configurations, members and events; restartEmpty nothing', async () => {
    const kept = note(owner);
    await publish(await connect(owner), kept);
    zooid.setMembers('one', [stranger.pubkey]);
    await zooid.stop();
    zooid = await startZooid({ dir, whitelist: [robot.pubkey], reloadDelayMs: 5 });
    expect(await nip11(config.host)).toMatchObject({ name: 'One' });
    expect((await manage('GET', '/relay/one/members')).json()).toEqual({ members: [stranger.pubkey] });
    const client = await connect(stranger);
    client.send('REQ', 'all', { kinds: [1] });
    expect((await client.next('EVENT'))[2]).toEqual(kept);

    zooid.restartEmpty();
    await client.closed();
    expect((await manage('GET', '/relay/one/members')).status).toBe(404);
    expect((await manage('POST', '/relay/one', config)).status).toBe(201);
  });
});

describe('faults', () => {
  test('fails once with the status asked for, without doing the work', async () => {
    zooid.faults.set([{ match: 'POST /relay', mode: 'fail', status: 500, times: 1 }]);
    expect((await manage('POST', '/relay/one', config)).status).toBe(500);
    expect((await manage('POST', '/relay/one', config)).status).toBe(201);
  });

  test('an answer that is lost leaves the work done: the next POST is 409', async () => {
    zooid.faults.set([{ match: '/relay/one', mode: 'drop-answer', times: 1 }]);
    await expect(manage('POST', '/relay/one', config)).rejects.toThrow();
    expect((await manage('POST', '/relay/one', config)).status).toBe(409);
  });

  test('hangs until the client gives up, and stopping does not wait for it', async () => {
    zooid.faults.set([{ match: '*', mode: 'hang' }]);
    await expect(httpRequest(zooid.url, { timeoutMs: 50 })).rejects.toThrow();
    expect(zooid.calls.list().map(({ subject, status }) => [subject, status])).toEqual([['GET /', 'silence']]);
  });
});
