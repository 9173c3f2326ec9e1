import { AppError } from '@caravel/domain';
import type { Caller, RouteCall } from './route.js';

/** Visible ASCII. */
const KEY = /^[\x21-\x7e]{1,128}$/;

/**
 * What makes a command one command, however often it is sent: its `Idempotency-Key`, or that of the request when there is
 * none. Bound to the route and who signed, so nobody runs into somebody else's. Throws `invalid-request`.
 */
export function commandId(verb: string, caller: Caller, { idempotencyKey, requestId }: RouteCall): string {
  const key = idempotencyKey ?? requestId;
  if (!KEY.test(key)) {
    throw new AppError('invalid-request', 'Idempotency-Key: must be 1 to 128 visible ASCII characters.', {
      details: [{ path: 'Idempotency-Key', message: 'must be 1 to 128 visible ASCII characters' }],
    });
  }
  return `${verb}:${caller.pubkey}:${key}`;
}
