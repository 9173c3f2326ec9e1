import { createHash } from 'node:crypto';
import { pubkeySchema, type Pubkey } from '@caravel/domain';
import { schnorr } from '@noble/curves/secp256k1.js';
import { z } from 'zod';
import { wasm } from './wasm.js';

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

/** The library that checks signatures, for logs and benchmarks. */
export const verifierName = 'nostr-wasm';

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
  return sha256(canonicalJson(event)).toString('hex');
}

/**
 * True when `value` has the shape of an event, its id is the hash of its content and its signature verifies. Never throws,
 * and believes nothing another library noted on the object.
 */
export function isValidEvent(value: unknown): value is NostrEvent {
  try {
    const event = nostrEventSchema.parse(value);
    const json = canonicalJson(event);
    if (sha256(json).toString('hex') !== event.id) return false;
    return fitsWasm(json) ? verifiedByWasm(event) : verifiedByNoble(event);
  } catch {
    return false;
  }
}

/** Adds id and signature. `secret` is 32 bytes and a valid scalar. */
export function signEvent(unsigned: UnsignedEvent, secret: Uint8Array): NostrEvent {
  const event = { ...unsigned, id: '', sig: '' };
  if (fitsWasm(canonicalJson(unsigned))) {
    wasm.finalizeEvent(event, secret);
    return { ...event, pubkey: unsigned.pubkey };
  }
  const id = eventId(unsigned);
  return { ...event, id, sig: Buffer.from(schnorr.sign(Buffer.from(id, 'hex'), secret)).toString('hex') };
}

/** More than this does not safely fit into the memory of the wasm module; noble is slower but has no such limit. */
const MAX_WASM_BYTES = 256 * 1024;

const fitsWasm = (json: string): boolean => Buffer.byteLength(json) <= MAX_WASM_BYTES;

function verifiedByWasm(event: NostrEvent): boolean {
  wasm.verifyEvent(event); // throws when it does not verify
  return true;
}

function verifiedByNoble({ sig, id, pubkey }: NostrEvent): boolean {
  return schnorr.verify(Buffer.from(sig, 'hex'), Buffer.from(id, 'hex'), Buffer.from(pubkey, 'hex'));
}

const canonicalJson = ({ pubkey, created_at, kind, tags, content }: UnsignedEvent): string =>
  JSON.stringify([0, pubkey, created_at, kind, tags, content]);

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();
