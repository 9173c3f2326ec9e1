import { AppError, unixSeconds } from '@caravel/domain';
import type { Clock, Pubkey } from '@caravel/domain';
import { checkHttpAuth, httpAuthCache } from '@caravel/nostr';
import type { HttpAuthResult } from '@caravel/nostr';
import type { Logger } from '@caravel/service';
import type { Caller } from './route.js';

/** What of a request is signed. */
export interface SignedParts {
  header: string | undefined;
  method: string;
  /** Path and query as requested. */
  target: string;
  /** Null for an upload, which is not here yet: its events are signed each for themselves. */
  rawBody: Uint8Array | null;
}

/**
 * `session`: one header serves many requests for as long as its client likes, or `maxAgeS`. `strict`: NIP-98 to the
 * letter, each event once; `useOnce` is true for the first use, whichever replica asks.
 */
export type AuthMode =
  | { mode: 'session'; maxAgeS?: number | undefined }
  | { mode: 'strict'; useOnce: (eventId: string) => Promise<boolean> };

export interface AuthenticatorOptions {
  serverUrls: readonly string[];
  adminPubkeys: readonly Pubkey[];
  auth: AuthMode;
  clock: Clock;
  log: Logger;
}

export type Authenticate = (parts: SignedParts) => Promise<Caller>;

/** Throws `unauthorized`, the same for every failure; the reason is only logged. */
export function authenticator({ serverUrls, adminPubkeys, auth, clock, log }: AuthenticatorOptions): Authenticate {
  const cache = httpAuthCache({ clock });
  const admins = new Set<string>(adminPubkeys);

  const callerOf = (result: HttpAuthResult | Replayed): Caller => {
    if (result.ok) return { pubkey: result.pubkey, isAdmin: admins.has(result.pubkey) };
    log.info({ reason: result.reason }, 'request not authenticated');
    throw new AppError('unauthorized', 'Please sign in again: this needs a valid Nostr signature (NIP-98).');
  };

  if (auth.mode === 'session') {
    const { maxAgeS } = auth;
    // Awaits nothing: this is what nearly every request goes through.
    return ({ header }) =>
      new Promise((resolve) => {
        const nowS = unixSeconds(clock.now());
        resolve(callerOf(cache.check(header, { mode: 'session', serverUrls, nowS, maxAgeS })));
      });
  }
  return async ({ header, method, target, rawBody }) => {
    const nowS = unixSeconds(clock.now());
    const result = checkHttpAuth(header, { mode: 'strict', serverUrls, nowS, method, target, body: rawBody });
    const isReplayed = result.ok && !(await auth.useOnce(result.event.id));
    return callerOf(isReplayed ? { ok: false, reason: 'replayed' } : result);
  };
}

interface Replayed {
  ok: false;
  reason: 'replayed';
}
