import { AppError } from '@caravel/domain';
import { isPublicUrl } from '@caravel/nostr';
import type { Logger, Metrics } from '@caravel/service';
import type { ServerResponse } from 'node:http';
import type { Request } from 'express';
import { addressBlock } from './address-block.js';
import { RATE_WINDOW_MS } from './rate-windows.js';
import type { RateWindows } from './rate-windows.js';
import type { Caller } from './route.js';

/** Points a minute; 0 is no limit. A request costs one, an expensive route more (`rate-limit-costs.ts`). */
export interface RateLimits {
  perIp: number;
  perPubkey: number;
  perAdmin: number;
}

export interface RateLimit {
  /** By the client's address, before anything is read or verified, so that nobody is made to check junk. Throws `rate-limited`. */
  byAddress: (request: Request, response: ServerResponse) => void;
  /** By who signed. Throws `rate-limited`. */
  byCaller: (response: ServerResponse, caller: Caller, cost: number) => void;
}

/** The limits of one deployment; see `rateWindows` for how they are counted. */
export function rateLimit({ limits, windows, log, metrics }: RateLimitOptions): RateLimit {
  const enforce = (response: ServerResponse, { policy, key, limit, cost }: Ask): void => {
    if (limit === 0) return;
    const { isAllowed, remaining, resetsInMs } = windows.take(`${policy}:${key}`, cost, limit);
    const resetsInS = Math.max(Math.ceil(resetsInMs / 1000), 1);
    response.setHeader('RateLimit-Policy', `"${policy}";q=${limit};w=${RATE_WINDOW_MS / 1000}`);
    response.setHeader('RateLimit-Limit', limit);
    response.setHeader('RateLimit-Remaining', remaining);
    response.setHeader('RateLimit-Reset', resetsInS);
    if (isAllowed) return;
    metrics?.count('requests_rate_limited_total', { policy });
    response.setHeader('Retry-After', resetsInS);
    const wait = resetsInS === 1 ? 'a second' : `${resetsInS} seconds`;
    throw new AppError('rate-limited', `Too many requests. Please wait ${wait} and try again.`);
  };
  const warn = untrustedProxyWarning(log);

  return {
    byAddress: (request, response) => {
      warn(request);
      const key = addressBlock(request.ip) ?? addressBlock(request.socket.remoteAddress);
      // Only a connection that is gone has no address.
      if (key !== undefined) enforce(response, { policy: 'ip', key, limit: limits.perIp, cost: 1 });
    },
    byCaller: (response, { pubkey, isAdmin }, cost) => {
      const who = isAdmin
        ? ({ policy: 'admin', limit: limits.perAdmin } as const)
        : ({ policy: 'pubkey', limit: limits.perPubkey } as const);
      enforce(response, { ...who, key: pubkey, cost });
    },
  };
}

/** Behind a proxy that nobody told us of, all clients together would be one address. Says so once. */
function untrustedProxyWarning(log: Logger): (request: Request) => void {
  let hasWarned = false;
  return (request) => {
    if (hasWarned || request.headers['x-forwarded-for'] === undefined) return;
    const { ip, socket } = request; // found out anew each time, so not before it is needed
    if (ip !== socket.remoteAddress) return;
    const block = addressBlock(ip) ?? '';
    const host = block.endsWith('/64') ? `[${block.slice(0, -3)}]` : block;
    if (isPublicUrl(`http://${host}`)) return; // anybody can send this header
    hasWarned = true;
    log.warn(
      { proxy: ip },
      'requests come through a proxy that TRUSTED_PROXIES does not name: its clients share one rate limit',
    );
  };
}

interface Ask {
  policy: 'ip' | 'pubkey' | 'admin';
  key: string;
  limit: number;
  cost: number;
}

interface RateLimitOptions {
  limits: RateLimits;
  windows: RateWindows;
  log: Logger;
  metrics?: Metrics | undefined;
}
