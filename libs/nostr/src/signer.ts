import { pubkeySchema, type Pubkey } from '@caravel/domain';
import { secp256k1 as curve } from '@noble/curves/secp256k1.js';
import { bech32 } from '@scure/base';
import { signEvent, type EventTemplate, type NostrEvent } from './events.js';
import { conversationKey, nip44Decrypt, nip44Encrypt } from './nip44.js';
import { secp256k1 } from './secp256k1.js';

/** One Nostr identity. It can use its secret key but never shows it: not in JSON, not in a log, not in an error. */
export interface Signer {
  pubkey: Pubkey;
  sign(template: EventTemplate): NostrEvent;
  /** NIP-44 v2. @throws Error when `peer` is not on the curve or `plaintext` is not 1 to 65,535 bytes. */
  nip44Encrypt(peer: Pubkey, plaintext: string): string;
  /** NIP-44 v2. @throws Error when the payload was not made for this key by `peer`. */
  nip44Decrypt(peer: Pubkey, payload: string): string;
}

/**
 * A signer that holds its key in memory, from 64 hex characters or an `nsec` (NIP-19).
 * @throws RangeError when it is neither, without naming what was given.
 */
export function secretSigner(secretText: string): Signer {
  const secret = secretBytes(secretText);
  const pubkey = pubkeySchema.parse(Buffer.from(secp256k1().publicKey(secret)).toString('hex'));
  return {
    pubkey,
    sign: ({ kind, created_at, tags, content }) => signEvent({ pubkey, kind, created_at, tags, content }, secret),
    nip44Encrypt: (peer, plaintext) => nip44Encrypt(plaintext, conversationKey(secret, peer)),
    nip44Decrypt: (peer, payload) => nip44Decrypt(payload, conversationKey(secret, peer)),
  };
}

/** A fresh secret key, 64 hex characters. */
export function generateSecret(): string {
  return Buffer.from(curve.utils.randomSecretKey()).toString('hex');
}

/** True for text that `secretSigner` takes. */
export function isSecret(text: string): boolean {
  try {
    secretBytes(text);
    return true;
  } catch {
    return false;
  }
}

function secretBytes(text: string): Uint8Array {
  const bytes = /^[0-9a-f]{64}$/i.test(text) ? new Uint8Array(Buffer.from(text, 'hex')) : nsecBytes(text);
  // A throw of the curve library could carry the value, so every failure ends in this one text.
  if (!bytes || !curve.utils.isValidSecretKey(bytes)) {
    throw new RangeError('a Nostr secret key must be 64 hex characters or an nsec, and a valid key');
  }
  return bytes;
}

function nsecBytes(text: string): Uint8Array | undefined {
  try {
    const { prefix, bytes } = bech32.decodeToBytes(text);
    return prefix === 'nsec' && bytes.length === 32 ? bytes : undefined;
  } catch {
    return undefined;
  }
}
