import { bech32 } from '@scure/base';
import { z } from 'zod';
import { isSecret } from './signer.js';

/**
 * A variable with a Nostr secret key, as 64 hex digits or an nsec (NIP-19). The result is hex in lower case, so that what
 * is derived from the text is the same whichever way the key was written. The error never carries the value.
 */
export function nostrSecret(expected = 'a Nostr secret key: 64 hex digits or an nsec') {
  return z.string({ error: expected }).transform((value, context) => {
    const text = value.trim();
    if (isSecret(text)) return text.startsWith('nsec') ? hexOfNsec(text) : text.toLowerCase();
    context.addIssue({ code: 'custom', message: expected });
    return z.NEVER;
  });
}

const hexOfNsec = (nsec: string): string => Buffer.from(bech32.decodeToBytes(nsec).bytes).toString('hex');
