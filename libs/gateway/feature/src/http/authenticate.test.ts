import { manualClock } from '@caravel/domain';
import { generateSecret, makeHttpAuth, secretSigner } from '@caravel/nostr';
import { silentLog } from '../testing/fake-deps.js';
import { authenticator } from './authenticate.js';
import type { AuthMode } from './authenticate.js';

const SERVER = 'https://api.example';
const NOW_S = 1_800_000_000;
const signer = secretSigner(generateSecret());
const admin = secretSigner(generateSecret());

function gate(auth: AuthMode = { mode: 'session' }) {
  const clock = manualClock(NOW_S);
  const options = {
    serverUrls: [SERVER, 'https://other.example'],
    adminPubkeys: [admin.pubkey],
    clock,
    log: silentLog,
  };
  const authenticate = authenticator({ ...options, auth });
  const parts = { method: 'GET', target: '/identity', rawBody: new Uint8Array() };
  return { clock, authenticate, ask: (header: string | undefined) => authenticate({ ...parts, header }) };
}
const session = (changes = {}) => makeHttpAuth({ signer, url: SERVER, nowS: NOW_S, ...changes });
const refused = { code: 'unauthorized', status: 401 };

describe('session mode', () => {
  it('takes one header for any request, method and age', async () => {
    const { ask, authenticate, clock } = gate();
    const header = session({ nowS: NOW_S - 365 * 86_400, method: 'GET' });
    expect(await ask(header)).toEqual({ pubkey: signer.pubkey, isAdmin: false });
    clock.advance(86_400);
    const rawBody = Buffer.from('{}');
    expect(await authenticate({ header, method: 'POST', target: '/relays?x=1', rawBody })).toMatchObject({
      pubkey: signer.pubkey,
    });
  });

  it('knows admins, and every one of our addresses', async () => {
    const { ask } = gate();
    expect(await ask(session({ signer: admin, url: 'https://other.example' }))).toEqual({
      pubkey: admin.pubkey,
      isAdmin: true,
    });
  });

  it('bounds the age of a header when told to, also of one it remembers', async () => {
    const { ask, clock } = gate({ mode: 'session', maxAgeS: 660 });
    const header = session();
    await expect(ask(header)).resolves.toBeDefined();
    clock.advance(661);
    await expect(ask(header)).rejects.toMatchObject(refused);
  });

  it.each([
    ['nothing', undefined],
    ['another address', session({ url: `${SERVER}/` })],
    ['nonsense', 'Nostr nonsense'],
  ])('answers the same for every failure: %s', async (_what, header) => {
    await expect(gate().ask(header)).rejects.toMatchObject({
      ...refused,
      message: 'Please sign in again: this needs a valid Nostr signature (NIP-98).',
    });
  });
});

describe('strict mode', () => {
  function strictGate() {
    const used = new Set<string>();
    const useOnce = (eventId: string) => {
      const first = !used.has(eventId);
      used.add(eventId);
      return Promise.resolve(first);
    };
    return { ...gate({ mode: 'strict', useOnce }), used };
  }
  const header = (changes = {}) => session({ url: `${SERVER}/identity`, method: 'GET', ...changes });

  it('takes an event once', async () => {
    const { ask } = strictGate();
    const once = header();
    await expect(ask(once)).resolves.toMatchObject({ pubkey: signer.pubkey });
    await expect(ask(once)).rejects.toMatchObject(refused);
  });

  it.each([
    ['a session header', session({ method: 'GET' })],
    ['another path', header({ url: `${SERVER}/plans` })],
    ['another method', header({ method: 'POST' })],
    ['an old event', header({ nowS: NOW_S - 61 })],
  ])('refuses %s, and does not spend the event', async (_what, wrong) => {
    const { ask, used } = strictGate();
    await expect(ask(wrong)).rejects.toMatchObject(refused);
    expect(used.size).toBe(0);
  });

  it('binds the body', async () => {
    const { authenticate } = strictGate();
    const body = '{"a":1}';
    const post = { method: 'POST', target: '/tenants' };
    const signed = () => session({ url: `${SERVER}/tenants`, method: 'POST', body });
    await expect(authenticate({ ...post, header: signed(), rawBody: Buffer.from(body) })).resolves.toBeDefined();
    await expect(authenticate({ ...post, header: signed(), rawBody: Buffer.from('{"a":2}') })).rejects.toMatchObject(
      refused,
    );
  });
});
