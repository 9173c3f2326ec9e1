import { isValidEvent } from '@caravel/nostr';

import type { HttpCall } from '../http-stand-in.js';
import { tagValue } from '../relay/event-kinds.js';

const WINDOW_S = 60;

/**
 * NIP-98 as zooid checks it: kind, signature, ±60 s, `u` = scheme://Host + path without the query, method. The scheme is
 * https only behind a proxy that says so. The payload is not looked at. Answers the signer, or why it is refused (401).
 */
export function managementSigner(call: HttpCall, nowS: number): { pubkey: string } | { error: string } {
  const event = eventOf(call.headers.authorization);
  if (!isValidEvent(event)) return { error: 'invalid authorization event' };
  if (event.kind !== 27_235) return { error: 'invalid event kind' };
  if (Math.abs(nowS - event.created_at) > WINDOW_S) return { error: 'event is too old or in the future' };
  if (tagValue(event, 'u') !== urlOf(call)) return { error: 'u tag does not match the URL' };
  const method = tagValue(event, 'method')?.toUpperCase();
  return method === call.method ? { pubkey: event.pubkey } : { error: 'method tag does not match' };
}

function urlOf({ headers, host, path }: HttpCall): string {
  return `${headers['x-forwarded-proto'] === 'https' ? 'https' : 'http'}://${host}${path}`;
}

function eventOf(header = ''): unknown {
  const [scheme, token, ...rest] = header.split(' ');
  if (scheme !== 'Nostr' || !token || rest.length > 0) return undefined;
  try {
    return JSON.parse(Buffer.from(token, 'base64').toString('utf8'));
  } catch {
    return undefined;
  }
}
