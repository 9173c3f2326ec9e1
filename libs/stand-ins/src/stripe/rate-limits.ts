import { StripeError } from './stripe-error.js';

/**
 * A token bucket per endpoint by the injected clock (https://docs.stripe.com/rate-limits). Stripe's own are 25 a second for an
 * endpoint; here nothing is limited until a limit is set.
 */
export function rateLimits(): RateLimits {
  let limits: RateLimit[] = [];
  const buckets = new Map<string, Bucket>();
  return {
    set: (limit) => {
      limits = limit ? [...limits.filter(({ match }) => match !== limit.match), limit] : [];
      buckets.clear();
    },
    take: (endpoint, nowMs) => {
      const limit = limits.find(({ match }) => match === endpoint) ?? limits.find(({ match }) => match === '*');
      if (!limit) return;
      const bucket = buckets.get(endpoint) ?? { tokens: limit.burst, atMs: nowMs };
      const filled = Math.min(limit.burst, bucket.tokens + ((nowMs - bucket.atMs) / 1000) * limit.perSecond);
      buckets.set(endpoint, { tokens: filled >= 1 ? filled - 1 : filled, atMs: nowMs });
      if (filled < 1) throw tooMany(limit.perSecond > 0 ? Math.ceil((1 - filled) / limit.perSecond) : 1);
    },
  };
}

function tooMany(retryAfterS: number): StripeError {
  const message = 'Request rate limit exceeded. Learn more about rate limits here https://stripe.com/docs/rate-limits.';
  return new StripeError(
    429,
    { type: 'invalid_request_error', code: 'rate_limit', message },
    {
      'retry-after': String(retryAfterS),
      'stripe-rate-limited-reason': 'endpoint-rate',
      'stripe-should-retry': 'true',
    },
  );
}

interface Bucket {
  tokens: number;
  atMs: number;
}

export interface RateLimit {
  /** An endpoint as `POST /v1/payment_intents/:id/cancel`, or `*` for each one. */
  match: string;
  perSecond: number;
  burst: number;
}

export interface RateLimits {
  /** Undefined lifts all. Buckets are full again. */
  set(limit: RateLimit | undefined): void;
  /** Throws the 429 when the bucket is empty. */
  take(endpoint: string, nowMs: number): void;
}
