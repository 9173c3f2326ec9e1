import { createHash } from 'node:crypto';
import type { KeyedCommand } from '../idempotency-port.js';
import { checkIdempotencyKey } from './idempotency-key.js';
import type { Route, RouteCall } from './route.js';

/** Longer paths name nothing that exists, and an index has its limits. */
const MAX_PATH = 500;

/** Null when the call names no command: the route takes no key, or none was sent. Throws `invalid-request`. */
export function keyedCommand(route: Route, call: RouteCall): KeyedCommand | null {
  const { caller, params, query, rawBody, idempotencyKey } = call;
  if (!route.idempotency || !caller) return null;
  const key = checkIdempotencyKey(idempotencyKey);
  const path = pathOf(route, params);
  if (key === undefined || path.length > MAX_PATH) return null;
  const requestHash = createHash('sha256').update(JSON.stringify(query)).update('\n').update(rawBody).digest('hex');
  return { pubkey: caller.pubkey, method: route.method, path, key, requestHash };
}

/** One spelling, however it was asked for. */
function pathOf({ path }: Route, params: RouteCall['params']): string {
  return path.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params[name])));
}
