import { createHash, randomUUID } from 'node:crypto';
import { checkIdempotencyKey } from './idempotency-key.js';
import type { Caller, RouteCall } from './route.js';

/**
 * What makes a command one command, however often it is sent: its `Idempotency-Key`, bound to the route, what its path names
 * and who signed, so nobody runs into somebody else's. Without a key every request is a command of its own, also when
 * requests share an `X-Request-Id`. At most 200 characters. Throws `invalid-request`.
 */
export function commandId(verb: string, caller: Caller, { idempotencyKey, params }: RouteCall): string {
  const key = checkIdempotencyKey(idempotencyKey);
  const name =
    key === undefined
      ? randomUUID()
      : createHash('sha256')
          .update(JSON.stringify([params, key]))
          .digest('base64url');
  return `${verb}:${caller.pubkey}:${name}`;
}
