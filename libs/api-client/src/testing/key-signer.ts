import { generateSecret, secretSigner } from '@caravel/nostr';
import type { Signer } from '../signer.js';

/** A key in memory, as NIP-07 offers one, and how often it was asked to sign. */
export function keySigner(): Signer & { pubkey: string; signatures: () => number } {
  const key = secretSigner(generateSecret());
  let count = 0;
  return {
    pubkey: key.pubkey,
    signatures: () => count,
    getPublicKey: () => Promise.resolve(key.pubkey),
    signEvent: (event) => {
      count += 1;
      return Promise.resolve(key.sign(event));
    },
  };
}
