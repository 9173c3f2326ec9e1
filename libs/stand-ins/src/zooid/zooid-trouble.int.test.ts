import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { unixSeconds } from '@caravel/domain';
import { generateSecret, makeHttpAuth, secretSigner, type Signer } from '@caravel/nostr';

import { httpRequest } from '../test-support/http-request.js';
import { poll } from '../test-support/poll.js';
import { startZooid, type ZooidStandIn } from './start-zooid.js';

const nowS = () => unixSeconds(new Date());
const robot = secretSigner(generateSecret());
const owner = secretSigner(generateSecret());
const stranger = secretSigner(generateSecret());
const config = {
  host: 'one.relays.localhost',
  schema: 'r_one',
  secret: generateSecret(),
  info: { name: 'One', icon: '', description: 'The first', pubkey: owner.pubkey },
  management: { enabled: true },
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

function manage(method: string, body: object) {
  const url = `${zooid.url}/relay/one`;
  const headers = { authorization: makeHttpAuth({ signer: robot, url, nowS: nowS(), method }) };
  return httpRequest(url, { method, headers, body: JSON.stringify(body) }).then(({ status }) => status);
}
const shown = async () => {
  const answer = await httpRequest(zooid.url, { headers: { host: config.host, accept: 'application/nostr+json' } });
  return answer.status === 200 ? (answer.json() as Record<string, unknown>) : undefined;
};
const shows = (name: string) => poll(async () => ((await shown())?.['name'] === name ? true : undefined));

/** NIP-86, as clients call it. */
async function rpc(request: object, { signer = owner, body = JSON.stringify(request) }: RpcOptions = {}) {
  const authorization = makeHttpAuth({ signer, url: `https://${config.host}/`, nowS: nowS(), method: 'POST', body });
  const headers = { host: config.host, 'content-type': 'application/nostr+json+rpc', authorization };
  return (await httpRequest(zooid.url, { method: 'POST', headers, body: JSON.stringify(request) })).json();
}
interface RpcOptions {
  signer?: Signer;
  body?: string;
}

describe('an owner', () => {
  beforeEach(async () => {
    await manage('POST', config);
    await shows('One');
  });

  test('changes name, icon and description by NIP-86, in the same configuration that the API changes', async () => {
    expect(await rpc({ method: 'changerelayname', params: ['Mine'] })).toEqual({ result: true });
    expect(await rpc({ method: 'changerelayicon', params: ['https://example.com/i.png'] })).toEqual({ result: true });
    expect(await rpc({ method: 'changerelaydescription', params: ['Ours'] })).toEqual({ result: true });
    await shows('Mine');
    expect(await manage('PATCH', { info: { description: 'Told' } })).toBe(200);
    await poll(async () => ((await shown())?.['description'] === 'Told' ? true : undefined));
    expect(await shown()).toMatchObject({ name: 'Mine', icon: 'https://example.com/i.png' });
  });

  test.each<[string, object, [RpcOptions, string]]>([
    ['a stranger', { method: 'changerelayname', params: ['x'] }, [{ signer: stranger }, 'restricted']],
    ['another payload', { method: 'changerelayname', params: ['x'] }, [{ body: '{}' }, 'invalid auth: payload']],
    ['an unknown method', { method: 'banpubkey', params: ['x'] }, [{}, 'method or params not supported']],
    ['no text', { method: 'changerelayname', params: [1] }, [{}, 'method or params not supported']],
  ])('%s changes nothing', async (_who, request, [options, error]) => {
    expect(await rpc(request, options)).toEqual({ error });
    expect(await shown()).toMatchObject({ name: 'One' });
  });

  test('manages nothing where management is off', async () => {
    await manage('PATCH', { management: { enabled: false } });
    await poll(async () => {
      const { error } = (await rpc({ method: 'supportedmethods' })) as { error?: string };
      return error === 'management is not enabled' || undefined;
    });
  });

  test('is played by an action', async () => {
    zooid.actions['edit-info']?.({ id: 'one', name: 'By hand' });
    await shows('By hand');
    expect(() => zooid.actions['edit-info']?.({ id: 'none', name: 'x' })).toThrow('no relay');
  });
});

test('a change that goes dark is answered 200, and the relay is gone until the next change', async () => {
  await manage('POST', config);
  await shows('One');
  zooid.actions['go-dark']?.({ reloads: 1 });
  expect(await manage('PATCH', { info: { name: 'New' } })).toBe(200);
  await poll(async () => ((await shown()) === undefined ? true : undefined));
  expect(await manage('PATCH', { info: { name: 'New' } })).toBe(200);
  await shows('New');
});

test('changes that change nothing are counted, but not those that wake a dark relay', async () => {
  await manage('POST', config);
  await shows('One');
  zooid.darken(1);
  await manage('PATCH', { info: { name: 'New' } });
  await poll(async () => ((await shown()) === undefined ? true : undefined));
  await manage('PATCH', { info: { name: 'New' } });
  await shows('New');
  expect(zooid.needlessSaves()).toBe(0);
  await manage('PATCH', { info: { name: 'New' } });
  expect(zooid.actions['load']?.(undefined)).toMatchObject({ needlessSaves: 1 });
});

test('it knows how many requests were under way together, in all and of one relay', async () => {
  await manage('POST', config);
  await shows('One');
  zooid.faults.set([{ match: '/relay/one', mode: 'late', ms: 30 }]);
  const silent = [manage('PATCH', { info: { name: 'A' } }), manage('PATCH', { info: { name: 'B' } }), shown()];
  await Promise.all(silent);
  expect(zooid.load()).toMatchObject({ most: 3, mostOfOne: 3 });
  await poll(() => Promise.resolve(zooid.load().now === 0 || undefined));
});
