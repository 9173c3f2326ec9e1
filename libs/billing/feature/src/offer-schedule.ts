/** An unsettled answer counts as final only when it was asked for this long after the offer expired. */
export const EXPIRY_MARGIN_MS = 60_000;

const SECOND_MS = 1000;
const MINUTE_MS = 60_000;

/** An attempt waits for the answer: 5 s, 15 s, 60 s, 5 min after one another, then every 15 min. */
const PULLED_AT_MS = [5, 20, 80, 380].map((seconds) => seconds * SECOND_MS);
const PULLED_LATER_MS = 15 * MINUTE_MS;

/** A node may settle a payment that was under way long after the offer expired: asked a few times more, then never. */
const AFTER_EXPIRY_MS = [EXPIRY_MARGIN_MS, 10 * MINUTE_MS, 60 * MINUTE_MS, 24 * 60 * MINUTE_MS];

interface Offer {
  createdAt: Date;
  expiresAt: Date;
  /** Since when an attempt waits for the answer. */
  pulledAt: Date | null;
}

/** When to ask the payee again after "not paid"; null when it need not be asked any more. */
export function nextOfferCheck(offer: Offer, now: Date): Date | null {
  const sinceExpiryMs = now.getTime() - offer.expiresAt.getTime();
  if (sinceExpiryMs < EXPIRY_MARGIN_MS) {
    return earlier(retryOfferCheck(offer, now), new Date(offer.expiresAt.getTime() + EXPIRY_MARGIN_MS));
  }
  const afterMs = AFTER_EXPIRY_MS.find((ms) => ms > sinceExpiryMs);
  return afterMs === undefined ? null : new Date(offer.expiresAt.getTime() + afterMs);
}

/** When to ask the payee again after it gave no answer: time alone never ends the asking. */
export function retryOfferCheck({ createdAt, pulledAt }: Offer, now: Date): Date {
  const ageMs = now.getTime() - (pulledAt ?? createdAt).getTime();
  return new Date(now.getTime() + (pulledAt ? pulledPauseMs(ageMs) : watchedPauseMs(ageMs)));
}

function pulledPauseMs(ageMs: number): number {
  const next = PULLED_AT_MS.find((ms) => ms > ageMs);
  return next === undefined ? PULLED_LATER_MS : next - ageMs;
}

/** Somebody may be looking at the QR code: often at first, then less so. */
function watchedPauseMs(ageMs: number): number {
  if (ageMs < 2 * MINUTE_MS) return 10 * SECOND_MS;
  return ageMs < 10 * MINUTE_MS ? 30 * SECOND_MS : 2 * MINUTE_MS;
}

const earlier = (a: Date, b: Date): Date => (a < b ? a : b);
