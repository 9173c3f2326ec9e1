import { createHash, randomBytes } from 'node:crypto';
import { schnorr } from '@noble/curves/secp256k1.js';
import { decrypt, encrypt } from 'nostr-tools/nip44';
import { conversationKey, nip44Decrypt, nip44Encrypt } from './nip44.js';
import { readVectors } from './testing/vectors.js';

const { valid, invalid } = (JSON.parse(readVectors('nip44.vectors.json')) as { v2: Vectors }).v2;
const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));
const hex = (data: Uint8Array): string => Buffer.from(data).toString('hex');
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('valid NIP-44 vectors', () => {
  test.each(valid.get_conversation_key)('conversation key of $sec1 and $pub2', ({ sec1, pub2, conversation_key }) => {
    expect(hex(conversationKey(bytes(sec1), pub2))).toBe(conversation_key);
  });

  test.each(valid.encrypt_decrypt)('$plaintext', ({ sec1, sec2, conversation_key, nonce, plaintext, payload }) => {
    const keyOf = (secret: string, peer: string) =>
      conversationKey(bytes(secret), hex(schnorr.getPublicKey(bytes(peer))));
    expect(hex(keyOf(sec1, sec2))).toBe(conversation_key);
    expect(hex(keyOf(sec2, sec1))).toBe(conversation_key);
    expect(nip44Encrypt(plaintext, bytes(conversation_key), bytes(nonce))).toBe(payload);
    expect(nip44Decrypt(payload, bytes(conversation_key))).toBe(plaintext);
  });

  test.each(valid.encrypt_decrypt_long_msg)('$pattern × $repeat', (vector) => {
    const plaintext = vector.pattern.repeat(vector.repeat);
    const payload = nip44Encrypt(plaintext, bytes(vector.conversation_key), bytes(vector.nonce));
    expect([sha256(plaintext), sha256(payload)]).toEqual([vector.plaintext_sha256, vector.payload_sha256]);
    expect(nip44Decrypt(payload, bytes(vector.conversation_key))).toBe(plaintext);
  });

  // The last one, 65,536, is the padding of a length that is not encrypted.
  test.each(valid.calc_padded_len.filter(([length]) => length < 65_536))(
    '%i bytes are padded to %i',
    (length, padded) => {
      const payload = Buffer.from(nip44Encrypt('x'.repeat(length), new Uint8Array(32)), 'base64');
      expect(payload.length - 1 - 32 - 2 - 32).toBe(padded);
    },
  );
});

describe('invalid NIP-44 vectors', () => {
  test.each(invalid.encrypt_msg_lengths)('%i bytes are not encrypted', (length) => {
    expect(() => nip44Encrypt('x'.repeat(length), new Uint8Array(32))).toThrow(RangeError);
  });

  test.each(invalid.get_conversation_key)('no conversation key: $note', ({ sec1, pub2 }) => {
    expect(() => conversationKey(bytes(sec1), pub2)).toThrow();
  });

  test.each(invalid.decrypt)('not decrypted: $note', ({ conversation_key, payload }) => {
    expect(() => nip44Decrypt(payload, bytes(conversation_key))).toThrow();
  });
});

test('a payload that is longer than any valid one is refused before it is decoded', () => {
  expect(() => nip44Decrypt('A'.repeat(10_000_000), new Uint8Array(32))).toThrow('too long');
});

test.each([1, 2, 31, 32, 33, 64, 65, 255, 256, 257, 320, 1_000, 4_097, 65_535])(
  '%i bytes are what another implementation writes and reads',
  (length) => {
    const [key, nonce] = [new Uint8Array(randomBytes(32)), new Uint8Array(randomBytes(32))];
    const plaintext = randomBytes(length)
      .toString('latin1')
      .replace(/[^ -~]/g, 'x');
    const payload = nip44Encrypt(plaintext, key, nonce);
    expect(payload).toBe(encrypt(plaintext, key, nonce));
    expect(decrypt(payload, key)).toBe(plaintext);
    expect(nip44Decrypt(encrypt(plaintext, key), key)).toBe(plaintext);
  },
);

test('text comes back as it was, also what begins with a byte order mark', () => {
  const key = randomBytes(32);
  expect(nip44Decrypt(nip44Encrypt('\ufeffx', key), key)).toBe('\ufeffx');
});

test('a payload with one bit changed anywhere, or spelled in another way, is refused', () => {
  const key = randomBytes(32);
  const payload = nip44Encrypt('hello', key);
  const bytes = Buffer.from(payload, 'base64');
  for (let bit = 0; bit < bytes.length * 8; bit += 1) {
    const changed = Buffer.from(bytes);
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    expect(() => nip44Decrypt(changed.toString('base64'), key)).toThrow();
  }
  for (const other of [`${payload}\n`, ` ${payload}`, payload.replace(/=*$/, ''), `${payload}=`])
    if (other !== payload) expect(() => nip44Decrypt(other, key)).toThrow('malformed');
});

interface Vectors {
  valid: {
    get_conversation_key: { sec1: string; pub2: string; conversation_key: string }[];
    calc_padded_len: [number, number][];
    encrypt_decrypt: Record<'sec1' | 'sec2' | 'conversation_key' | 'nonce' | 'plaintext' | 'payload', string>[];
    encrypt_decrypt_long_msg: {
      conversation_key: string;
      nonce: string;
      pattern: string;
      repeat: number;
      plaintext_sha256: string;
      payload_sha256: string;
    }[];
  };
  invalid: {
    encrypt_msg_lengths: number[];
    get_conversation_key: { sec1: string; pub2: string; note: string }[];
    decrypt: { conversation_key: string; payload: string; note: string }[];
  };
}
