import type { NostrEvent } from './events.js';
import type { Signer } from './signer.js';

const RELAY_AUTH_KIND = 22_242;

/** Proof of who we are for one relay and one challenge (NIP-42): of no use to any other relay. */
export function relayAuthEvent(signer: Signer, challenge: { url: string; text: string; nowS: number }): NostrEvent {
  return signer.sign({
    kind: RELAY_AUTH_KIND,
    created_at: challenge.nowS,
    tags: [
      ['relay', challenge.url],
      ['challenge', challenge.text],
    ],
    content: '',
  });
}

/** A refusal that goes away when we say who we are (NIP-01 prefixes, NIP-42). */
export const asksForAuth = (message: string): boolean => message.startsWith('auth-required:');
