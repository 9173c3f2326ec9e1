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
 * Subjects of faults are `POST /v1/customers` and the like; the ledger lists all objects.
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
