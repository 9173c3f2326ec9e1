import { createCipheriv, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { secp256k1 } from './secp256k1.js';

/** NIP-44 version 2 carries 1 to 65,535 bytes of UTF-8. */
const MAX_PLAINTEXT_BYTES = 65_535;
const MAX_PAYLOAD_CHARS = 87_472;
const VERSION = 2;
const NONCE_BYTES = 32;
const MAC_BYTES = 32;
const HEAD_BYTES = 1 + NONCE_BYTES;
const SMALLEST_BYTES = HEAD_BYTES + 2 + 32 + MAC_BYTES;

/**
 * The key two parties share (NIP-44 v2): the same from either side.
 * @throws Error when the secret or the public key is not on the curve.
 */
export function conversationKey(secret: Uint8Array, peer: string): Uint8Array {
  const sharedX = secp256k1().sharedX(secret, Buffer.from(peer, 'hex'));
  return hmac('nip44-v2', sharedX); // HKDF-extract (RFC 5869)
}

/** @throws RangeError when `plaintext` is empty or over 65,535 bytes. `nonce` is for test vectors only. */
export function nip44Encrypt(plaintext: string, key: Uint8Array, nonce: Uint8Array = randomBytes(NONCE_BYTES)): string {
  const length = Buffer.byteLength(plaintext);
  if (length < 1 || length > MAX_PLAINTEXT_BYTES) throw new RangeError('NIP-44 carries 1 to 65,535 bytes');
  const padded = Buffer.alloc(2 + paddedLength(length));
  padded.writeUInt16BE(length);
  padded.write(plaintext, 2);
  const keys = messageKeys(key, nonce);
  const ciphertext = chacha20(keys, padded);
  return Buffer.concat([Buffer.of(VERSION), nonce, ciphertext, hmac(keys.mac, nonce, ciphertext)]).toString('base64');
}

/** @throws Error when the payload is of another version, malformed or was not made with this key. */
export function nip44Decrypt(payload: string, key: Uint8Array): string {
  if (payload.length > MAX_PAYLOAD_CHARS) throw new RangeError('NIP-44 payload is too long');
  const bytes = Buffer.from(payload, 'base64');
  // Node skips what is no base64; a payload has one spelling only.
  if (bytes.length < SMALLEST_BYTES || bytes.toString('base64') !== payload) throw new RangeError('malformed NIP-44');
  if (bytes[0] !== VERSION) throw new RangeError('unknown version of NIP-44');
  const nonce = bytes.subarray(1, HEAD_BYTES);
  const ciphertext = bytes.subarray(HEAD_BYTES, -MAC_BYTES);
  const keys = messageKeys(key, nonce);
  if (!timingSafeEqual(hmac(keys.mac, nonce, ciphertext), bytes.subarray(-MAC_BYTES)))
    throw new Error('wrong NIP-44 key');
  return unpadded(chacha20(keys, ciphertext));
}

function unpadded(padded: Buffer): string {
  const length = padded.readUInt16BE();
  if (length < 1 || padded.length !== 2 + paddedLength(length)) throw new RangeError('wrong NIP-44 padding');
  return padded.toString('utf8', 2, 2 + length);
}

/** Steps of an eighth of the next power of two, at least 32. */
function paddedLength(length: number): number {
  if (length <= 32) return 32;
  const step = Math.max(32, 2 ** (32 - Math.clz32(length - 1)) / 8);
  return step * Math.ceil(length / step);
}

/** HKDF-expand (RFC 5869) of the conversation key to 76 bytes. */
function messageKeys(key: Uint8Array, nonce: Uint8Array): MessageKeys {
  const first = hmac(key, nonce, Buffer.of(1));
  const second = hmac(key, first, nonce, Buffer.of(2));
  const third = hmac(key, second, nonce, Buffer.of(3));
  return {
    cipher: first,
    nonce: second.subarray(0, 12),
    mac: Buffer.concat([second.subarray(12), third.subarray(0, 12)]),
  };
}

/** OpenSSL takes the counter, which begins at 0, in front of the nonce (RFC 8439). */
function chacha20({ cipher, nonce }: MessageKeys, data: Uint8Array): Buffer {
  return createCipheriv('chacha20', cipher, Buffer.concat([Buffer.alloc(4), nonce])).update(data);
}

function hmac(key: Uint8Array | string, ...parts: readonly Uint8Array[]): Buffer {
  const digest = createHmac('sha256', key);
  for (const part of parts) digest.update(part);
  return digest.digest();
}

interface MessageKeys {
  cipher: Uint8Array;
  nonce: Uint8Array;
  mac: Uint8Array;
}
