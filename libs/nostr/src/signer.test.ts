import { inspect } from 'node:util';
import { isValidEvent } from './events.js';
import { generateSecret, isSecret, onceSigner, secretSigner } from './signer.js';

// The example key of NIP-19.
const NSEC = 'nsec1vl029mgpspedva04g90vltkh6fvh240zqtv9k0t9af8935ke9laqsnlfe5';
const SECRET = '67dea2ed018072d675f5415ecfaed7d2597555e202d85b3d65ea4e58d2d92ffa';
const PUBKEY = '7e7e9c42a91bfef19fa929e5fda1b72e0ebc1a4c1141673e2794234d86addf4e';
const ORDER = 'fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141';

test('hex, capitals and nsec are the same key', () => {
  for (const text of [SECRET, SECRET.toUpperCase(), NSEC]) expect(secretSigner(text).pubkey).toBe(PUBKEY);
});

test('an event is signed under the key of the signer', () => {
  const event = secretSigner(SECRET).sign({ kind: 1, created_at: 1, tags: [], content: 'x' });
  expect(event.pubkey).toBe(PUBKEY);
  expect(isValidEvent(event)).toBe(true);
});

test('two signers read one another, a third can not', () => {
  const [alice, bob, eve] = [
    secretSigner(generateSecret()),
    secretSigner(generateSecret()),
    secretSigner(generateSecret()),
  ];
  const payload = alice.nip44Encrypt(bob.pubkey, 'for bob');
  expect(bob.nip44Decrypt(alice.pubkey, payload)).toBe('for bob');
  expect(() => eve.nip44Decrypt(alice.pubkey, payload)).toThrow();
});

test.each([
  ['nothing', ''],
  ['63 characters', SECRET.slice(1)],
  ['other characters', `${SECRET.slice(1)}g`],
  ['zero', '0'.repeat(64)],
  ['the order of the curve', ORDER],
  ['an nsec with a wrong checksum', NSEC.replace(/5$/, '6')],
  ['an npub', 'npub10elfcs4fr0l0r8af98jlmgdh9c8tcxjvz9qkw038js35mp4dma8qzvjptg'],
  ['an nsec of a zero key', 'nsec1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqwkhnav'],
])('%s is refused without being repeated', (_what, text) => {
  expect(isSecret(text)).toBe(false);
  expect(() => secretSigner(text)).toThrow(RangeError);
  const error = thrownBy(() => secretSigner(text));
  if (text) expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(text.slice(4, 20));
});

test('a signer does not show its secret', () => {
  const signer = secretSigner(SECRET);
  const shown = [
    JSON.stringify(signer),
    inspect(signer, { depth: 9, showHidden: true, getters: true }),
    Object.values(signer).join(),
  ];
  for (const text of shown)
    expect(text).not.toMatch(new RegExp(`${SECRET.slice(0, 16)}|${NSEC.slice(5, 20)}|103, 222, 162`, 'i'));
});

test('generated secrets are valid and differ', () => {
  const secrets = Array.from({ length: 20 }, generateSecret);
  expect(secrets.every(isSecret)).toBe(true);
  expect(new Set(secrets).size).toBe(20);
});

test('a peer is the same one after a thousand others', () => {
  const alice = secretSigner(SECRET);
  const bob = secretSigner(generateSecret());
  const payload = bob.nip44Encrypt(alice.pubkey, 'still me');
  expect(alice.nip44Decrypt(bob.pubkey, payload)).toBe('still me');
  for (let i = 0; i < 1_001; i += 1) alice.nip44Encrypt(onceSigner().pubkey, 'x');
  expect(alice.nip44Decrypt(bob.pubkey, payload)).toBe('still me');
});

function thrownBy(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}
