import { systemClock, unixSeconds } from '@caravel/domain';
import { generateSecret, makeHttpAuth, secretSigner } from '@caravel/nostr';
import { SERVER_URL } from './gateway.js';
import { getRequest } from './http-load.js';

/** Somebody who signs once and repeats the header, as clients do. */
export function client(): BenchClient {
  const signer = secretSigner(generateSecret());
  const Authorization = makeHttpAuth({ signer, url: SERVER_URL, nowS: unixSeconds(systemClock.now()) });
  return {
    pubkey: signer.pubkey,
    get: (path) => getRequest(path, { Authorization }),
    headers: { Authorization },
  };
}

export interface BenchClient {
  pubkey: string;
  headers: { Authorization: string };
  /** The bytes of a request. */
  get: (path: string) => Buffer;
}
