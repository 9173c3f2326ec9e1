import { inspect } from 'node:util';
import { AppError } from '@caravel/domain';
import fc from 'fast-check';
import { parseNwcUrl } from './nwc-url.js';
import { generateSecret, secretSigner } from './signer.js';

const secret = generateSecret();
const wallet = secretSigner(generateSecret()).pubkey;
const RELAY = 'wss://relay.example/v1';
const query = `relay=${encodeURIComponent(RELAY)}&secret=${secret}`;

test.each([
  ['as in the NIP', `nostr+walletconnect://${wallet}?${query}`],
  ['without the plus', `nostrwalletconnect://${wallet}?${query}`],
  ['without slashes', `nostr+walletconnect:${wallet}?${query}`],
  ['without either', `nostrwalletconnect:${wallet}?${query}`],
  ['with a slash before the query', `nostr+walletconnect://${wallet}/?${query}`],
  ['with a relay that is not encoded', `nostr+walletconnect://${wallet}?relay=${RELAY}&secret=${secret}`],
  ['with white space around', `  nostr+walletconnect://${wallet}?${query}\n`],
  ['in capitals', `NOSTR+WALLETCONNECT://${wallet.toUpperCase()}?${query}`],
  ['with an extra pubkey', `nostr+walletconnect://${wallet}?pubkey=${'a'.repeat(64)}&${query}`],
  ['with unknown parameters', `nostr+walletconnect://${wallet}?${query}&budget=1000&x`],
  ['with a secret in capitals', `nostr+walletconnect://${wallet}?relay=${RELAY}&secret=${secret.toUpperCase()}`],
])('a URL %s is read', (_what, url) => {
  expect(parseNwcUrl(url)).toEqual({ walletPubkey: wallet, relays: [RELAY], secret });
});

test('relays keep their order, without doubles, up to five', () => {
  const relays = [
    'wss://b.example',
    'ws://127.0.0.1:1234',
    'wss://a.example?key=1',
    'wss://c.example',
    'wss://d.example',
  ];
  const url = `nostr+walletconnect://${wallet}?${relays.map((relay) => `relay=${relay}`).join('&')}&relay=wss://B.example/&secret=${secret}`;
  expect(parseNwcUrl(url).relays).toEqual([
    'wss://b.example',
    'ws://127.0.0.1:1234',
    'wss://a.example/?key=1',
    'wss://c.example',
    'wss://d.example',
  ]);
});

test('a lightning address is kept, plus signs included', () => {
  expect(parseNwcUrl(`nostr+walletconnect://${wallet}?${query}&lud16=a+b@example.com`).lud16).toBe('a+b@example.com');
});

const six = Array.from({ length: 6 }, (_, i) => `relay=wss://r${i}.example`).join('&');
test.each([
  ['nothing', ''],
  ['another scheme', `https://${wallet}?${query}`],
  ['a Lightning address', 'alice@example.com'],
  ['no query', `nostr+walletconnect://${wallet}`],
  ['no key', `nostr+walletconnect://?${query}`],
  ['a short key', `nostr+walletconnect://${wallet.slice(2)}?${query}`],
  ['an npub', `nostr+walletconnect://npub1abc?${query}`],
  ['a key off the curve', `nostr+walletconnect://${'f'.repeat(64)}?${query}`],
  ['no secret', `nostr+walletconnect://${wallet}?relay=${RELAY}`],
  ['a short secret', `nostr+walletconnect://${wallet}?relay=${RELAY}&secret=${secret.slice(2)}`],
  ['a secret of zeros', `nostr+walletconnect://${wallet}?relay=${RELAY}&secret=${'0'.repeat(64)}`],
  ['an nsec', `nostr+walletconnect://${wallet}?relay=${RELAY}&secret=nsec1abc`],
  ['no relay', `nostr+walletconnect://${wallet}?secret=${secret}`],
  ['a relay by https', `nostr+walletconnect://${wallet}?relay=https://relay.example&secret=${secret}`],
  ['one bad relay of two', `nostr+walletconnect://${wallet}?relay=${RELAY}&relay=x&secret=${secret}`],
  ['six relays', `nostr+walletconnect://${wallet}?${six}&secret=${secret}`],
  ['broken encoding', `nostr+walletconnect://${wallet}?relay=%E0%A4%A&secret=${secret}`],
  ['more than 2 KiB', `nostr+walletconnect://${wallet}?${query}&x=${'x'.repeat(2048)}`],
])('%s is refused with a text that helps and holds none of it', (_what, url) => {
  const error = thrownBy(() => parseNwcUrl(url));
  expect(error).toBeInstanceOf(AppError);
  expect(error).toMatchObject({ code: 'nwc-url-invalid', status: 422 });
  expect(error).not.toHaveProperty('cause');
  expect((error as AppError).message).toMatch(/^This wallet connection can't be used\. .+ Copy the connection string/);
  const shown = inspect(error, { depth: 9, showHidden: true }).replace(/\n {4}at .*/g, '');
  for (const part of [secret, secret.slice(0, 16), wallet.slice(0, 16), 'relay.example'])
    expect(shown).not.toContain(part);
});

test('whatever is pasted is read or refused, nothing else', () => {
  const pasted = fc.oneof(
    fc.string(),
    fc.string().map((text) => `nostr+walletconnect://${wallet}?${query}&${text}`),
  );
  fc.assert(
    fc.property(pasted, (text) => {
      const outcome = thrownBy(() => parseNwcUrl(text));
      return !(outcome instanceof Error) || (outcome instanceof AppError && outcome.code === 'nwc-url-invalid');
    }),
  );
});

function thrownBy(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}
