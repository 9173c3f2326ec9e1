import { randomBytes } from 'node:crypto';

import { type Clock, systemClock, unixSeconds } from '@caravel/domain';

import type { HttpAnswer, ListenAt } from '../http-server.js';
import { type HttpCall, startHttpStandIn } from '../http-stand-in.js';
import type { StandIn } from '../stand-in.js';
import { idempotencyKeys } from './idempotency.js';
import { parseForm } from './parse-form.js';
import { createCustomer } from './routes/create-customer.js';
import { getCustomer } from './routes/get-customer.js';
import { invalidRequest, StripeError } from './stripe-error.js';
import type { StripeRoute } from './stripe-route.js';
import { stripeStore } from './stripe-store.js';

const ROUTES: readonly StripeRoute[] = [createCustomer, getCustomer];

/**
 * Stripe's API as far as it is used: test keys only, unknown parameters refused, Idempotency-Key kept as Stripe keeps it.
 * Customers, payment methods, PaymentIntents, Checkout and portal sessions, refunds, charges, events, signed webhooks.
 * Subjects of faults are `POST /v1/customers` and the like; a `fail` of status 500 stays under its Idempotency-Key as at Stripe.
 *
 * The ledger is `{objects, entries, events, deliveries}`. An entry is money or the lack of it, oldest first:
 * `{kind: 'charge' | 'decline' | 'refund' | 'cancel', atS, amountCents, currency, customer, paymentIntent, session, refund, metadata}`
 * (metadata of the PaymentIntent, or of the refund).
 *
 * Actions (ids as in the API; each answers with the object it changed):
 * - `attach-card {customer, card?, default?}`: `card` is a test payment method (`pm_card_visa`, see `test-cards.ts`).
 *   `detach-card {payment_method}`.
 * - `pay-checkout {session, card?, save?}`: the person pays; a declined card leaves the session open and is an error.
 *   `expire-checkout {session}`.
 * - `set-next-payment {outcome, customer?, times?}`: the next confirmations end in `requires_action`, `requires_confirmation`,
 *   `processing` or a decline code, whatever the card; `cancellable: true` lets a `processing` one be cancelled.
 * - `authenticate {payment_intent, fail?}`: the person passes 3-D Secure, or does not.
 *   `settle-payment {payment_intent, decline?}`: ends `processing`, with the decline code when there is one.
 * - `set-next-refund {status}`: `pending`, `requires_action` or `failed`. `settle-refund {refund, status}`: `succeeded` or `failed`.
 * - `set-rate-limit {perSecond, burst?, match?}`: a token bucket per endpoint by the injected clock; `perSecond: 0` refuses all,
 *   `{}` lifts. Nothing is limited until told. `set-latency {ms, match?}`: real time; meanwhile the Idempotency-Key is in use (409).
 * - `set-webhook {url, secret, events?}` (`{}` removes), `hold-webhooks`, `release-webhooks {order?, copies?}` with order `created`,
 *   `reversed` or `shuffled`, `redeliver {event?}`: one event again, or all.
 */
export async function startStripe(options: StripeOptions = {}): Promise<StandIn> {
  const clock = options.clock ?? systemClock;
  const store = stripeStore();
  const keys = idempotencyKeys();

  function run(call: HttpCall): HttpAnswer {
    checkKey(call);
    const { route, id } = routeOf(call);
    const body = call.method === 'POST' ? (call.body ?? '') : call.query.toString();
    const [key, nowMs] = [keyOf(call), clock.now().getTime()];
    const request = `${call.method} ${call.path} ${body}`;
    const replayed = key && keys.replay(key, request, nowMs);
    if (replayed) return replayed;
    const object = route.answer(parseForm(body), { store, id, nowS: unixSeconds(clock.now()) });
    const answer = { status: 200, body: JSON.stringify(object), headers: requestId() };
    if (key) keys.keep(key, { request, answer, atMs: nowMs });
    return answer;
  }

  const http = await startHttpStandIn({
    clock,
    at: options.at,
    failure: ({ status = 500 }) => problem(new StripeError(status, { type: 'api_error', message: 'told to fail' })),
    answer: (call) => {
      try {
        return run(call);
      } catch (error) {
        if (error instanceof StripeError) return problem(error);
        throw error;
      }
    },
  });
  return {
    url: `http://${http.address}`,
    faults: http.faults,
    calls: http.calls,
    ledger: () => ({ objects: store.all() }),
    actions: {},
    stop: http.stop,
  };
}

/** Bearer or Basic; a live key is refused even here. */
function checkKey({ headers: { authorization = '' } }: HttpCall): void {
  const [scheme, token = ''] = authorization.split(' ');
  const key = scheme === 'Basic' ? Buffer.from(token, 'base64').toString('utf8').replace(/:$/, '') : token;
  if ((scheme !== 'Bearer' && scheme !== 'Basic') || key === '') {
    throw invalidRequest(401, 'You did not provide an API key.');
  }
  if (!key.startsWith('sk_test_')) throw invalidRequest(401, `Invalid API Key provided: ${key.slice(0, 8)}***`);
}

function routeOf({ method, path }: HttpCall): { route: StripeRoute; id: string } {
  for (const route of ROUTES) {
    const match = new RegExp(`^${route.path.replace(':id', '([^/]+)')}$`).exec(path);
    if (match && route.method === method) return { route, id: match[1] ?? '' };
  }
  throw invalidRequest(404, `Unrecognized request URL (${method}: ${path}).`);
}

function keyOf({ method, headers }: HttpCall): string | undefined {
  const key = headers['idempotency-key'];
  if (method !== 'POST' || key === undefined) return undefined;
  const text = String(key);
  if (text.length > 255) throw invalidRequest(400, 'Idempotency-Key is longer than 255 characters.');
  return text;
}

const requestId = () => ({ 'request-id': `req_${randomBytes(7).toString('hex')}` });

const problem = ({ status, body }: StripeError): HttpAnswer => ({
  status,
  body: { error: body },
  headers: requestId(),
});

interface StripeOptions {
  at?: ListenAt | undefined;
  clock?: Clock | undefined;
}
