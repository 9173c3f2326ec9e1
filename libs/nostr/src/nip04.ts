import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { secp256k1 } from './secp256k1.js';

const CIPHER = 'aes-256-cbc';

/** NIP-04, deprecated: only for wallets that announce nothing newer (NIP-47). It does not authenticate the text. */
export function nip04Encrypt(secret: Uint8Array, peer: string, plaintext: string): string {
  const iv = randomBytes(16);
  const cipher = createCipheriv(CIPHER, sharedKey(secret, peer), iv);
  const encrypted = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()]);
  return `${encrypted.toString('base64')}?iv=${iv.toString('base64')}`;
}

/** @throws Error when the payload is malformed; a wrong key may also give rubbish. */
export function nip04Decrypt(secret: Uint8Array, peer: string, payload: string): string {
  const [encrypted = '', iv = ''] = payload.split('?iv=');
  const decipher = createDecipheriv(CIPHER, sharedKey(secret, peer), Buffer.from(iv, 'base64'));
  return Buffer.concat([decipher.update(encrypted, 'base64'), decipher.final()]).toString('utf8');
}

const sharedKey = (secret: Uint8Array, peer: string): Uint8Array =>
  secp256k1().sharedX(secret, Buffer.from(peer, 'hex'));
