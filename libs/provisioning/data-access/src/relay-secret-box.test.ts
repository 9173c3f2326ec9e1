import { idSchema } from '@caravel/domain';
import { relaySecretBox, RelaySecretError } from './relay-secret-box.js';

const one = idSchema.parse('01890000-0000-7000-8000-000000000001');
const other = idSchema.parse('01890000-0000-7000-8000-000000000002');
const secret = 'ab'.repeat(32);
const box = relaySecretBox('1'.repeat(64));

it('opens what it sealed, and a box shows nothing of the secret', () => {
  const sealed = box.seal(one, secret);
  expect(box.open(one, sealed)).toBe(secret);
  expect(Buffer.from(sealed, 'base64').toString('utf8')).not.toContain(secret);
  expect(box.seal(one, secret)).not.toBe(sealed);
});

it('refuses a box of another relay, of another key, or altered in any byte', () => {
  const sealed = box.seal(one, secret);
  expect(() => box.open(other, sealed)).toThrow(RelaySecretError);
  expect(() => relaySecretBox('2'.repeat(64)).open(one, sealed)).toThrow(RelaySecretError);
  const bytes = Buffer.from(sealed, 'base64');
  for (let at = 0; at < bytes.length; at += 1) {
    const altered = Buffer.from(bytes);
    altered.writeUInt8(altered.readUInt8(at) ^ 1, at);
    expect(() => box.open(one, altered.toString('base64'))).toThrow(RelaySecretError);
  }
});

it.each(['', 'AQ==', 'not base64 at all', Buffer.alloc(29, 1).toString('base64')])('refuses %p', (text) => {
  expect(() => box.open(one, text)).toThrow(RelaySecretError);
});

it('opens boxes of earlier releases', () => {
  const fixed = relaySecretBox('1'.repeat(64), { randomBytes: (size) => Buffer.alloc(size, 7) });
  const released =
    'AQcHBwcHBwcHBwcHB3uTWzlkfYsscqoi9CUlmE6WTfz1y2KhRJUlKyqWKLp761xKrg7ssXydGDMNIitRpOYTmU/gsAFbDsj9z8HBcUCZ/HVsdZxdRJgXQZLNhjE2';
  expect(fixed.seal(one, secret)).toBe(released);
  expect(box.open(one, released)).toBe(secret);
});

it('has fingerprints that differ by text and by key, and are no plain hash', () => {
  expect(box.fingerprint('a')).toBe(box.fingerprint('a'));
  expect(box.fingerprint('a')).not.toBe(box.fingerprint('b'));
  expect(box.fingerprint('a')).not.toBe(relaySecretBox('2'.repeat(64)).fingerprint('a'));
});
