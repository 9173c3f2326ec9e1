import { systemClock, unixSeconds } from '@caravel/domain';
import type { Pubkey } from '@caravel/domain';
import { generateSecret, makeHttpAuth, secretSigner } from '@caravel/nostr';
import type { Signer } from '@caravel/nostr';

export const SERVER_URL = 'https://api.caravel.example';

export interface User {
  pubkey: Pubkey;
  signer: Signer;
  /** A session header, as a client keeps it. */
  header: string;
}

export function newUser(): User {
  const signer = secretSigner(generateSecret());
  const header = makeHttpAuth({ signer, url: SERVER_URL, nowS: unixSeconds(systemClock.now()) });
  return { pubkey: signer.pubkey, signer, header };
}

export const ADMIN = newUser();
