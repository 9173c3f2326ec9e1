import type { NwcCallOptions } from '@caravel/nostr';
import type { Call } from '@caravel/pay-provider';
import { signalWithin } from '@caravel/service';
import type { Timeouts } from '../timeouts.js';

/** Every request says that it is void after this, however long we wait: what a relay delivers later pays nothing. */
const EXPIRATION_MS = 60_000;

export interface NwcLimits {
  ask: () => NwcCallOptions;
  pay: () => NwcCallOptions;
}

/** How long a request may take, made anew for each. */
export function nwcLimits({ askMs, payMs }: Timeouts, { signal }: Call): NwcLimits {
  const within = (timeoutMs: number): NwcCallOptions => ({
    timeoutMs: EXPIRATION_MS,
    signal: signalWithin(signal, timeoutMs),
  });
  return { ask: () => within(askMs), pay: () => within(payMs) };
}
