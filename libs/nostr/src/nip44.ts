import { createHmac } from 'node:crypto';
import { decrypt, encrypt } from 'nostr-tools/nip44';
import { secp256k1 } from './secp256k1.js';

/** NIP-44 version 2 carries 1 to 65,535 bytes of UTF-8; the library underneath also takes more, which others can't read. */
const MAX_PLAINTEXT_BYTES = 65_535;
const MAX_PAYLOAD_CHARS = 87_472;

/**
 * The key two parties share (NIP-44 v2): the same from either side.
 * @throws Error when the secret or the public key is not on the curve.
 */
export function conversationKey(secret: Uint8Array, peer: string): Uint8Array {
  const sharedX = secp256k1().sharedX(secret, Buffer.from(peer, 'hex'));
  return createHmac('sha256', 'nip44-v2').update(sharedX).digest(); // HKDF-extract (RFC 5869)
}

/** @throws RangeError when `plaintext` is empty or over 65,535 bytes. `nonce` is for test vectors only. */
export function nip44Encrypt(plaintext: string, key: Uint8Array, nonce?: Uint8Array): string {
  const bytes = Buffer.byteLength(plaintext);
  if (bytes < 1 || bytes > MAX_PLAINTEXT_BYTES) throw new RangeError('NIP-44 carries 1 to 65,535 bytes');
  return encrypt(plaintext, key, nonce);
}

/** @throws Error when the payload is of another version, malformed or was not made with this key. */
export function nip44Decrypt(payload: string, key: Uint8Array): string {
  if (payload.length > MAX_PAYLOAD_CHARS) throw new RangeError('NIP-44 payload is too long');
  return decrypt(payload, key);
}
