import { timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Caller } from '@caravel/pay-core';
import type { NodeKey } from '../config/node-config.js';
import { hashOf } from '../config/node-keys.js';

/**
 * Whose key a request carries, in `Authorization: Bearer …` or `X-API-Key`. Every key is compared, by its SHA-256 and in constant
 * time, so that how long it takes tells nothing.
 */
export function authenticate(headers: IncomingHttpHeaders, keys: readonly NodeKey[]): Caller | undefined {
  const given = keyIn(headers);
  if (given === undefined) return undefined;
  const hash = hashOf(given);
  let found: Caller | undefined;
  for (const { caller, apiKeyHashes } of keys) {
    for (const known of apiKeyHashes) {
      if (timingSafeEqual(known, hash)) found = caller;
    }
  }
  return found;
}

function keyIn({ authorization, 'x-api-key': apiKey }: IncomingHttpHeaders): string | undefined {
  const bearer = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
  return bearer ?? (typeof apiKey === 'string' && apiKey !== '' ? apiKey : undefined);
}
