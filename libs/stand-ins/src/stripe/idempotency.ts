import type { HttpAnswer } from '../http-server.js';
import { StripeError } from './stripe-error.js';

const LIFE_MS = 24 * 3600 * 1000;

/**
 * Stripe's Idempotency-Key: the first answer of a request that began to run is kept for 24 hours and given again, 5xx too;
 * another request under the same key is refused. A request that failed its checks is not kept.
 */
export function idempotencyKeys(): IdempotencyKeys {
  const kept = new Map<string, Kept>();
  return {
    replay: (key, request, nowMs) => {
      const found = kept.get(key);
      if (!found || nowMs - found.atMs > LIFE_MS) return undefined;
      if (found.request !== request) throw mismatch(key);
      return { ...found.answer, headers: { ...found.answer.headers, 'idempotent-replayed': 'true' } };
    },
    keep: (key, entry) => {
      kept.set(key, entry);
    },
  };
}

function mismatch(key: string): StripeError {
  const message =
    'Keys for idempotent requests can only be used with the same parameters they were first used with. ' +
    `Try using a key other than '${key}' if you meant to execute a different request.`;
  return new StripeError(400, { type: 'idempotency_error', message });
}

interface Kept {
  /** Method, path and body as they came. */
  request: string;
  answer: HttpAnswer;
  atMs: number;
}

export interface IdempotencyKeys {
  replay(key: string, request: string, nowMs: number): HttpAnswer | undefined;
  keep(key: string, entry: Kept): void;
}
