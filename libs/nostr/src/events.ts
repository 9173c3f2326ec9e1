import { hash as hashOf, randomBytes } from 'node:crypto';
import { pubkeySchema, type Pubkey } from '@caravel/domain';
import { z } from 'zod';
import { secp256k1 } from './secp256k1.js';

/** A signed event (NIP-01). */
export interface NostrEvent {
  id: string;
  pubkey: Pubkey;
  /** Unix seconds. */
  created_at: number;
  kind: number;
  tags: string[][];
  content: string;
  sig: string;
}

/** What a caller decides about an event; a `Signer` adds the rest. */
export type EventTemplate = Pick<NostrEvent, 'kind' | 'created_at' | 'tags' | 'content'>;
export type UnsignedEvent = EventTemplate & Pick<NostrEvent, 'pubkey'>;

const hex = (characters: number) => z.string().regex(new RegExp(`^[0-9a-f]{${String(characters)}}$`));

/** The shape of an event only: id and signature may still be wrong, see `isValidEvent`. */
export const nostrEventSchema = z.object({
  id: hex(64),
  pubkey: pubkeySchema,
  created_at: z.int().nonnegative(),
  kind: z.int().min(0).max(65_535),
  tags: z.array(z.array(z.string())),
  content: z.string(),
  sig: hex(128),
});

/** The id of an event: SHA-256 of its canonical JSON (NIP-01), as hex. */
export function eventId(event: UnsignedEvent): string {
  return eventHash(event).toString('hex');
}

/**
 * True when `value` has the shape of an event, its id is the hash of its content and its signature verifies. Never throws,
 * and believes nothing another library noted on the object.
 */
export function isValidEvent(value: unknown): value is NostrEvent {
  try {
    const event = nostrEventSchema.parse(value);
    const hash = eventHash(event);
    if (hash.toString('hex') !== event.id) return false;
    return secp256k1().verify(Buffer.from(event.sig, 'hex'), hash, Buffer.from(event.pubkey, 'hex'));
  } catch {
    return false;
  }
}

/** Adds id and signature. `secret` is 32 bytes and a valid scalar. */
export function signEvent(unsigned: UnsignedEvent, secret: Uint8Array): NostrEvent {
  const hash = eventHash(unsigned);
  const sig = secp256k1().sign(hash, secret, randomBytes(32));
  return { ...unsigned, id: hash.toString('hex'), sig: Buffer.from(sig).toString('hex') };
}

const eventHash = ({ pubkey, created_at, kind, tags, content }: UnsignedEvent): Buffer =>
  hashOf('sha256', JSON.stringify([0, pubkey, created_at, kind, tags, content]), 'buffer');
