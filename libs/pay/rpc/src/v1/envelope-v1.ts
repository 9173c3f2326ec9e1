import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';
import { newNonce } from '../new-nonce.js';
import { storedFrame, unpackFrame, ZSTD_MAGIC } from './zstd.js';

/** What travels in `EncryptedRequest` and `EncryptedResponse`. */
export interface EnvelopeV1 {
  nonce: Uint8Array;
  ciphertext: Uint8Array;
}

/** The one key of both directions, from the bytes of the secret as given: HKDF-SHA256 (RFC 5869). */
export function keyV1(secret: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, 'afpay-rpc-v1', 'afpay-rpc-v1/aes-256-gcm', 32));
}

/** AES-256-GCM of the text in a zstd frame, or of the text alone (`isPlain`), which is how a peer that sent none is answered. */
export function sealV1(
  key: Uint8Array,
  text: Uint8Array,
  { nonce = newNonce(), isPlain = false }: SealOptions = {},
): EnvelopeV1 {
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  const ciphertext = Buffer.concat([
    cipher.update(isPlain ? text : storedFrame(text)),
    cipher.final(),
    cipher.getAuthTag(),
  ]);
  return { nonce, ciphertext };
}

/**
 * The text of an envelope, and whether it came without zstd. Throws for anything that this key did not seal, for a tag of fewer
 * than 16 bytes (which Node alone would accept), and a RangeError for more than `maxBytes`.
 */
export function openV1(
  key: Uint8Array,
  { nonce, ciphertext }: EnvelopeV1,
  maxBytes: number,
): { text: Buffer; isPlain: boolean } {
  if (nonce.length !== 12 || ciphertext.length < TAG_BYTES) throw new Error('no envelope');
  const bytes = Buffer.from(ciphertext);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  const inner = Buffer.concat([decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()]);
  const isPlain = !inner.subarray(0, 4).equals(ZSTD_MAGIC);
  if (isPlain && inner.length > maxBytes) throw new RangeError('the envelope holds more than is allowed');
  return { text: isPlain ? inner : unpackFrame(inner, maxBytes), isPlain };
}

const TAG_BYTES = 16;

interface SealOptions {
  nonce?: Uint8Array;
  isPlain?: boolean;
}
