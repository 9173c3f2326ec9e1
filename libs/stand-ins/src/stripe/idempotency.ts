import type { HttpAnswer } from '../http-server.js';
import { invalidRequest, StripeError } from './stripe-error.js';

const LIFE_MS = 24 * 3600 * 1000;

/**
 * Stripe's Idempotency-Key (https://docs.stripe.com/api/idempotent_requests): the answer of a request that began to run is
 * kept for 24 hours and given again, errors and 5xx too; another request under the same key is refused, and so is the same
 * one while the first still runs. What failed its checks is not kept.
 */
export function idempotencyKeys(): IdempotencyKeys {
  const kept = new Map<string, Kept>();
  const running = new Set<string>();
  return {
    begin: ({ key, request, nowMs }) => {
      if (running.has(key)) throw inUse(key);
      const found = kept.get(key);
      if (!found || nowMs - found.atMs >= LIFE_MS) {
        running.add(key);
        return undefined;
      }
      if (found.request !== request) throw mismatch(key);
      return { ...found.answer, headers: { ...found.answer.headers, 'idempotent-replayed': 'true' } };
    },
    keep: ({ key, request, nowMs }, answer) => {
      kept.set(key, { request, answer, atMs: nowMs });
    },
    end: ({ key }) => {
      running.delete(key);
    },
  };
}

function mismatch(key: string): StripeError {
  const message =
    'Keys for idempotent requests can only be used with the same parameters they were first used with. ' +
    `Try using a key other than '${key}' if you meant to execute a different request.`;
  return new StripeError(400, { type: 'idempotency_error', message });
}

function inUse(key: string): StripeError {
  const message =
    'There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, ' +
    `and the other request is still going through): ${key}. Please try again later.`;
  return invalidRequest(409, message, { code: 'idempotency_key_in_use' });
}

interface Kept {
  request: string;
  answer: HttpAnswer;
  atMs: number;
}

export interface KeyedRequest {
  key: string;
  /** Method, path and body as they came. */
  request: string;
  nowMs: number;
}

export interface IdempotencyKeys {
  /** The answer of before, or undefined: then the key is in use until `end`. */
  begin(keyed: KeyedRequest): HttpAnswer | undefined;
  keep(keyed: KeyedRequest, answer: HttpAnswer): void;
  end(keyed: KeyedRequest): void;
}
