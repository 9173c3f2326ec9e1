import { createHash } from 'node:crypto';
import { schnorr } from '@noble/curves/secp256k1.js';
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
