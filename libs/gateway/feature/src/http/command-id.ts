import { createHash } from 'node:crypto';
import { checkIdempotencyKey } from './idempotency-key.js';
import type { Caller, RouteCall } from './route.js';

/**
 * What makes a command one command, however often it is sent: its `Idempotency-Key`, or that of the request when there is
 * none. Bound to the route, what its path names and who signed, so nobody runs into somebody else's. At most 200 characters.
 * Throws `invalid-request`.
 */
export function commandId(verb: string, caller: Caller, call: RouteCall): string {
  const key = checkIdempotencyKey(call.idempotencyKey);
  return `${verb}:${caller.pubkey}:${key === undefined ? short(call.requestId) : digest([call.params, key])}`;
}

/** A request's id may be its sender's, and long. */
const short = (requestId: string): string => (requestId.length > 64 ? digest(requestId) : requestId);

function digest(named: unknown): string {
  return createHash('sha256').update(JSON.stringify(named)).digest('base64url');
}
