import { setTimeout as sleepFor } from 'node:timers/promises';
import { systemClock } from '@caravel/domain';
import type { Clock } from '@caravel/domain';
import Stripe from 'stripe';
import { sendOnce } from './send-once.js';
import { tokenBucket } from './token-bucket.js';
import type { TokenBucket } from './token-bucket.js';

const TIMEOUT_MS = 5_000;
/** Whoever asks can come again; a longer queue in here would only outlive its deadlines. */
const MAX_WAIT_MS = 2_000;
/** Half of what Stripe allows a live key on one endpoint, and all it allows a test key. */
const DEFAULT_PER_SECOND = 25;
const DEFAULT_RETRY_MS = 1_000;

/**
 * Every request to Stripe: one deadline, no retries of the SDK, no telemetry, a token bucket per endpoint. Failures come
 * back as values that say whether Stripe may have done it (https://docs.stripe.com/error-low-level).
 */
export function stripeCalls({ secretKey, apiUrl, clock = systemClock, sleep = sleepFor, ...rest }: StripeOptions) {
  const { observe = unobserved, requestsPerSecond: perSecond = DEFAULT_PER_SECOND } = rest;
  const sdk = new Stripe(secretKey, {
    timeout: TIMEOUT_MS,
    maxNetworkRetries: 0,
    telemetry: false,
    httpClient: sendOnce(),
    ...(apiUrl === undefined ? {} : address(new URL(apiUrl))),
  });
  const buckets = new Map<string, TokenBucket>();
  const bucketOf = (endpoint: string): TokenBucket => {
    const bucket = buckets.get(endpoint) ?? tokenBucket({ perSecond, maxWaitMs: MAX_WAIT_MS });
    buckets.set(endpoint, bucket);
    return bucket;
  };

  const ask = async <Value>({ endpoint, operation }: StripeCall, run: () => Promise<Value>): Promise<Answer<Value>> => {
    const bucket = bucketOf(endpoint);
    const turn = bucket.reserve(clock.now().getTime());
    if ('refusedForMs' in turn) return { type: 'busy', retryAfterMs: turn.refusedForMs };
    if (turn.waitMs > 0) await sleep(turn.waitMs);
    try {
      return { type: 'result', value: await observe({ target: 'stripe', operation }, run) };
    } catch (error) {
      const failure = readFailure(error);
      if (failure.type === 'busy') bucket.close(clock.now().getTime() + failure.retryAfterMs);
      return failure;
    }
  };
  return { sdk, ask };
}

const unobserved: Observe = (_, run) => run();

/** Throws what is no error of Stripe's: a defect of ours. */
function readFailure(error: unknown): Failure {
  if (!(error instanceof Stripe.errors.StripeError)) throw error;
  const { statusCode = 0 } = error;
  if (statusCode === 429) return { type: 'busy', retryAfterMs: retryAfterMs(error) };
  // 409: the same key is being worked on, so what it does is not known yet.
  if (statusCode >= 400 && statusCode < 500 && statusCode !== 408 && statusCode !== 409)
    return { type: 'refused', error };
  return { type: 'silence' };
}

function retryAfterMs({ headers }: InstanceType<typeof Stripe.errors.StripeError>): number {
  const seconds = Number(headers?.['retry-after']);
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : DEFAULT_RETRY_MS;
}

function address({ protocol, hostname, port }: URL) {
  const secure = protocol === 'https:';
  return {
    protocol: secure ? ('https' as const) : ('http' as const),
    host: hostname,
    port: port || (secure ? 443 : 80),
  };
}

/** `busy`: Stripe (or our own limit) did nothing. `silence`: nobody knows. */
export type Answer<Value> = { type: 'result'; value: Value } | Failure;

export type Failure =
  | { type: 'refused'; error: InstanceType<typeof Stripe.errors.StripeError> }
  | { type: 'busy'; retryAfterMs: number }
  | { type: 'silence' };

export type StripeCalls = ReturnType<typeof stripeCalls>;

interface StripeCall {
  /** What Stripe counts requests by. */
  endpoint: 'customers' | 'payment_intents' | 'checkout_sessions' | 'portal_sessions' | 'refunds';
  operation: string;
}

export interface StripeOptions {
  secretKey: string;
  /** Default: Stripe's own. */
  apiUrl?: string | undefined;
  /** Per endpoint; default 25. */
  requestsPerSecond?: number | undefined;
  clock?: Clock;
  sleep?: (ms: number) => Promise<unknown>;
  /** Records how long a call took and how it ended. */
  observe?: Observe;
}

type Observe = <Result>(call: { target: string; operation: string }, run: () => Promise<Result>) => Promise<Result>;
