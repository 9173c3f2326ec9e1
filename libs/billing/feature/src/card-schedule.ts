const MINUTE_MS = 60_000;

/** Stripe keeps an Idempotency-Key for 24 h: until then the same request can't be done twice. */
const KEY_LIFE_MS = 23 * 60 * MINUTE_MS;
/** After the request left: 5 s, 15 s, 60 s, 5 min after one another, then every 15 min. */
const ASK_AT_MS = [5, 20, 80, 380].map((seconds) => seconds * 1000);
const ASK_LATER_MS = 15 * MINUTE_MS;
/** What Stripe does not list then was never done: nothing was sent for an hour before it, and no key would stop it any more. */
const LISTED_AFTER_MS = 24 * 60 * MINUTE_MS;

/** When to ask Stripe again about what left at `dispatchedAt`. Time alone never ends the asking. */
export function nextStripeCheck(dispatchedAt: Date, now: Date): Date {
  const ageMs = now.getTime() - dispatchedAt.getTime();
  const next = ASK_AT_MS.find((ms) => ms > ageMs);
  return new Date(next === undefined ? now.getTime() + ASK_LATER_MS : dispatchedAt.getTime() + next);
}

/** Whether the same request, sent again, is still the same request to Stripe. */
export const keyLives = (dispatchedAt: Date, now: Date): boolean =>
  now.getTime() - dispatchedAt.getTime() < KEY_LIFE_MS;

/** Whether what Stripe does not list was never done. */
export const listIsFinal = (dispatchedAt: Date, now: Date): boolean =>
  now.getTime() - dispatchedAt.getTime() >= LISTED_AFTER_MS;
