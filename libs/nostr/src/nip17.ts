import type { Pubkey } from '@caravel/domain';
import type { NostrEvent } from './events.js';
import { giftUnwrap, giftWrap, GiftWrapError, makeRumor, type Rumor, type WrapOptions } from './nip59.js';
import type { Signer } from './signer.js';

export const DIRECT_MESSAGE_KIND = 14;

export interface DirectMessageOptions {
  from: Pubkey;
  to: Pubkey;
  text: string;
  /** Title of the conversation. */
  subject?: string | undefined;
  createdAtS: number;
}

/** A chat message (kind 14, NIP-17). The same input gives the same id, so a message that is sent again is the same message. */
export function makeDirectMessageRumor({ from, to, text, subject, createdAtS }: DirectMessageOptions): Rumor {
  const tags = [['p', to]];
  if (subject !== undefined) tags.push(['subject', subject]);
  return makeRumor({ pubkey: from, kind: DIRECT_MESSAGE_KIND, created_at: createdAtS, tags, content: text });
}

/** A gift wrap for one recipient; a copy for the author is one more call. Every call gives another event. */
export function wrapMessage(options: WrapOptions): NostrEvent {
  return giftWrap(options);
}

/** The direct message inside a gift wrap, checked as NIP-17 asks. @throws GiftWrapError */
export function unwrapMessage(recipient: Signer, wrap: NostrEvent): Rumor {
  const rumor = giftUnwrap(recipient, wrap);
  if (rumor.kind !== DIRECT_MESSAGE_KIND) throw new GiftWrapError('bad-rumor');
  return rumor;
}
