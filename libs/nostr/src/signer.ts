import { randomBytes } from 'node:crypto';
import { pubkeySchema, type Pubkey } from '@caravel/domain';
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
  return keySigner(secretBytes(secretText));
}

/** A signer with a fresh key that nobody else has, or will have: for what is to lead to nobody. */
export function onceSigner(): Signer {
  return keySigner(freshKey());
}

/** A fresh secret key, 64 hex characters. */
export function generateSecret(): string {
  return Buffer.from(freshKey()).toString('hex');
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

function keySigner(secret: Uint8Array): Signer {
  const pubkey = pubkeySchema.parse(Buffer.from(secp256k1().publicKey(secret)).toString('hex'));
  const keyWith = rememberedKeys(secret);
  return {
    pubkey,
    sign: ({ kind, created_at, tags, content }) => signEvent({ pubkey, kind, created_at, tags, content }, secret),
    nip44Encrypt: (peer, plaintext) => nip44Encrypt(plaintext, keyWith(peer)),
    nip44Decrypt: (peer, payload) => nip44Decrypt(payload, keyWith(peer)),
  };
}

/** Keys shared with the last peers: each costs as much as a signature, and peers come again. */
function rememberedKeys(secret: Uint8Array): (peer: Pubkey) => Uint8Array {
  const keys = new Map<Pubkey, Uint8Array>();
  return (peer) => {
    const known = keys.get(peer);
    if (known) return known;
    const key = conversationKey(secret, peer);
    const [oldest] = keys.size < MAX_REMEMBERED ? [] : keys.keys();
    if (oldest !== undefined) keys.delete(oldest);
    keys.set(peer, key);
    return key;
  };
}

const MAX_REMEMBERED = 1_000;

/** Of the group of secp256k1: keys are at least 1 and below it. */
const ORDER = Buffer.from('fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141', 'hex');
const ZERO = Buffer.alloc(32);

const isKey = (bytes: Uint8Array): boolean =>
  bytes.length === 32 && Buffer.compare(bytes, ZERO) > 0 && Buffer.compare(bytes, ORDER) < 0;

function freshKey(): Uint8Array {
  const bytes = new Uint8Array(randomBytes(32));
  return isKey(bytes) ? bytes : freshKey(); // the second time once in 2^127
}

function secretBytes(text: string): Uint8Array {
  const bytes = /^[0-9a-f]{64}$/i.test(text) ? new Uint8Array(Buffer.from(text, 'hex')) : nsecBytes(text);
  // The reason could carry the value, so every failure ends in this one text.
  if (!bytes || !isKey(bytes)) {
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
