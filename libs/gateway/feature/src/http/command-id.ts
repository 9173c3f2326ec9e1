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
  return `${verb}:${caller.pubkey}:${key === undefined ? call.requestId : digest(call.params, key)}`;
}

function digest(params: RouteCall['params'], key: string): string {
  return createHash('sha256')
    .update(JSON.stringify([params, key]))
    .digest('base64url');
}
