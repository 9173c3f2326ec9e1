import { randomBytes as nodeRandomBytes } from 'node:crypto';
import { systemClock, unixSeconds, type Clock, type Pubkey } from '@caravel/domain';
import type { z } from 'zod';
import { eventId, isValidEvent, nostrEventSchema, type NostrEvent, type UnsignedEvent } from './events.js';
import { onceSigner, type Signer } from './signer.js';

export const SEAL_KIND = 13;
export const GIFT_WRAP_KIND = 1059;

/** An event with its id and without a signature, so that a leaked one proves nothing (NIP-59). */
export type Rumor = UnsignedEvent & { id: string };

export type GiftWrapReason = 'not-a-wrap' | 'undecryptable' | 'bad-seal' | 'bad-rumor' | 'impersonation';

/** A gift wrap whose content must not be believed, and why. */
export class GiftWrapError extends Error {
  readonly reason: GiftWrapReason;

  constructor(reason: GiftWrapReason) {
    super(`gift wrap refused: ${reason}`);
    this.name = 'GiftWrapError';
    this.reason = reason;
  }
}

export interface WrapOptions {
  /** The author: signs the seal. */
  signer: Signer;
  recipient: Pubkey;
  rumor: Rumor;
  clock?: Clock;
  randomBytes?: (size: number) => Uint8Array;
}

const TWO_DAYS_S = 2 * 24 * 60 * 60;

export function makeRumor(event: UnsignedEvent): Rumor {
  return { ...event, id: eventId(event) };
}

/**
 * Rumor → seal (13, signed by the author) → gift wrap (1059, signed by a key used once), each encrypted to the recipient and
 * dated up to two days back, so that a relay learns neither who wrote nor when (NIP-59).
 * @throws RangeError when the rumor is too large for NIP-44 or is not the signer's own.
 */
export function giftWrap({ signer, recipient, rumor, ...sources }: WrapOptions): NostrEvent {
  if (rumor.pubkey !== signer.pubkey) throw new RangeError('a rumor is sealed by its own author');
  const { clock = systemClock, randomBytes = nodeRandomBytes } = sources;
  const pastS = () => unixSeconds(clock.now()) - (Buffer.from(randomBytes(4)).readUInt32BE() % TWO_DAYS_S);
  const seal = signer.sign({
    kind: SEAL_KIND,
    created_at: pastS(),
    tags: [],
    content: signer.nip44Encrypt(recipient, JSON.stringify(rumor)),
  });
  const once = onceSigner();
  return once.sign({
    kind: GIFT_WRAP_KIND,
    created_at: pastS(),
    tags: [['p', recipient]],
    content: once.nip44Encrypt(recipient, JSON.stringify(seal)),
  });
}

/**
 * The rumor inside, after every check: the wrap and the seal are signed, the seal carries no tags, the rumor's id fits and its
 * author is the seal's (else anyone could write in another's name).
 * @throws GiftWrapError
 */
export function giftUnwrap(recipient: Signer, wrap: NostrEvent): Rumor {
  if (wrap.kind !== GIFT_WRAP_KIND || !isValidEvent(wrap)) throw new GiftWrapError('not-a-wrap');
  const seal = decryptJson(recipient, wrap);
  if (!isValidEvent(seal) || seal.kind !== SEAL_KIND || seal.tags.length > 0) throw new GiftWrapError('bad-seal');
  const rumor = rumorSchema.safeParse(decryptJson(recipient, seal));
  if (!rumor.success || eventId(rumor.data) !== rumor.data.id) throw new GiftWrapError('bad-rumor');
  if (rumor.data.pubkey !== seal.pubkey) throw new GiftWrapError('impersonation');
  return rumor.data;
}

const rumorSchema: z.ZodType<Rumor> = nostrEventSchema.omit({ sig: true });

function decryptJson(recipient: Signer, { pubkey, content }: NostrEvent): unknown {
  try {
    return JSON.parse(recipient.nip44Decrypt(pubkey, content));
  } catch {
    throw new GiftWrapError('undecryptable');
  }
}
