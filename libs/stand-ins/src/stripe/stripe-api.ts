import { randomBytes } from 'node:crypto';

import type { Clock } from '@caravel/domain';

import type { Fault } from '../faults.js';
import type { HttpAnswer } from '../http-server.js';
import type { HttpCall } from '../http-stand-in.js';
import { expand } from './expand.js';
import { idempotencyKeys, type KeyedRequest } from './idempotency.js';
import { API_VERSION } from './objects/event.js';
import { parseForm } from './parse-form.js';
import type { RateLimits } from './rate-limits.js';
import { STRIPE_ROUTES } from './routes/index.js';
import { invalidRequest, isStripeError, StripeError } from './stripe-error.js';
import type { PreparedCall, StripeRoute } from './stripe-route.js';
import type { StripeWorld } from './stripe-world.js';

/** Answers calls in Stripe's order: key, endpoint, rate limit, Idempotency-Key, parameters, and only then the work. */
export function stripeApi({ world, clock, limits, delay }: StripeApiDeps): StripeApi {
  const keys = idempotencyKeys();

  async function run(call: HttpCall): Promise<HttpAnswer> {
    checkKey(call);
    const { route, id } = routeOf(call);
    limits.take(route.name, clock.now().getTime());
    const work = async () => {
      await delay(route.name);
      return perform(route.prepare(parseForm(formOf(call))), world, id);
    };
    const keyed = keyedRequest(call, clock);
    if (!keyed) return await work();
    const replayed = keys.begin(keyed);
    if (replayed) return replayed;
    try {
      const answer = await work();
      keys.keep(keyed, answer);
      return answer;
    } finally {
      keys.end(keyed);
    }
  }

  return {
    answer: async (call) => {
      try {
        return await run(call);
      } catch (error) {
        if (isStripeError(error)) return problem(error);
        throw error;
      }
    },
    failure: ({ status = 500 }, call) => {
      const answer = problem(new StripeError(status, { type: 'api_error', message: 'told to fail' }));
      const keyed = keyedRequest(call, clock);
      // A 500 comes from within, after the request began; 502, 503 and 504 from in front of it.
      if (keyed && status === 500) keys.keep(keyed, answer);
      return answer;
    },
  };
}

/** What the work throws is an answer like any other, and kept. */
function perform({ expand: paths, run }: PreparedCall, world: StripeWorld, id: string): HttpAnswer {
  try {
    const object = expand(run(world, id), paths, world.store.find);
    return { status: 200, body: JSON.stringify(object), headers: headers() };
  } catch (error) {
    if (isStripeError(error)) return problem(error);
    throw error;
  }
}

/** Bearer or Basic; a live key is refused even here. */
function checkKey({ headers: { authorization = '' } }: HttpCall): void {
  const [scheme, token = ''] = authorization.split(' ');
  const key = scheme === 'Basic' ? Buffer.from(token, 'base64').toString('utf8').replace(/:$/, '') : token;
  if ((scheme !== 'Bearer' && scheme !== 'Basic') || key === '') {
    throw invalidRequest(401, 'You did not provide an API key.');
  }
  if (!/^(sk|rk)_test_/.test(key)) throw invalidRequest(401, `Invalid API Key provided: ${key.slice(0, 8)}***`);
}

function routeOf({ method, path }: HttpCall): { route: StripeRoute; id: string } {
  for (const route of STRIPE_ROUTES) {
    const id = route.idIn(method, path);
    if (id !== undefined) return { route, id };
  }
  throw invalidRequest(404, `Unrecognized request URL (${method}: ${path}).`);
}

const formOf = ({ method, body, query }: HttpCall): string => (method === 'POST' ? (body ?? '') : query.toString());

function keyedRequest(call: HttpCall, clock: Clock): KeyedRequest | undefined {
  const header = call.headers['idempotency-key'];
  if (call.method !== 'POST' || header === undefined) return undefined;
  const key = String(header);
  if (key.length > 255) throw invalidRequest(400, 'Idempotency-Key is longer than 255 characters.');
  return { key, request: `${call.method} ${call.path} ${formOf(call)}`, nowMs: clock.now().getTime() };
}

const headers = () => ({ 'request-id': `req_${randomBytes(7).toString('hex')}`, 'stripe-version': API_VERSION });

const problem = (error: StripeError): HttpAnswer => ({
  status: error.status,
  // As it is now: an object in it may change later, and a kept answer must not.
  body: JSON.stringify({ error: error.body }),
  headers: { ...headers(), ...error.headers },
});

interface StripeApiDeps {
  world: StripeWorld;
  clock: Clock;
  limits: RateLimits;
  /** How long an endpoint takes, in real time. */
  delay: (endpoint: string) => Promise<void>;
}

export interface StripeApi {
  answer: (call: HttpCall) => Promise<HttpAnswer>;
  failure: (fault: Fault, call: HttpCall) => HttpAnswer;
}
