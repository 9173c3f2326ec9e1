import { manualClock } from '@caravel/domain';

import { startStripe } from '../start-stripe.js';

/** A running stand-in with a clock that stands still, and calls in Stripe's own form encoding. For tests. */
export async function stripeCaller(startS = 1_700_000_000) {
  const clock = manualClock(startS);
  const stripe = await startStripe({ clock });

  async function call(method: string, path: string, options: CallOptions = {}): Promise<StripeReply> {
    const form = options.params === undefined ? '' : formOf(options.params);
    const answer = await fetch(`${stripe.url}${path}${method === 'GET' && form ? `?${form}` : ''}`, {
      method,
      headers: {
        authorization: 'Bearer sk_test_1',
        'content-type': 'application/x-www-form-urlencoded',
        ...(options.key === undefined ? {} : { 'idempotency-key': options.key }),
      },
      ...(method === 'GET' ? {} : { body: form }),
    });
    const body = (await answer.json()) as Record<string, unknown>;
    return {
      status: answer.status,
      headers: answer.headers,
      body,
      error: (body['error'] ?? {}) as Record<string, unknown>,
    };
  }

  const post = (path: string, params: Params = {}, key?: string) =>
    call('POST', path, { params, ...(key === undefined ? {} : { key }) });
  return {
    stripe,
    clock,
    post,
    get: (path: string, params: Params = {}) => call('GET', path, { params }),
    remove: (path: string) => call('DELETE', path),
    act: (name: string, argument: Params = {}) => stripe.actions[name]?.(argument) as Record<string, unknown>,
    /** The id of a new customer; with a card, that is saved and its default. */
    customer: async (card?: string): Promise<string> => {
      const { body } = await post('/v1/customers', { metadata: { tenant: 'ab' } });
      const id = String(body['id']);
      if (card !== undefined) await stripe.actions['attach-card']?.({ customer: id, card, default: true });
      return id;
    },
  };
}

/** `{a: {b: [1]}}` → `a[b][0]=1`. */
function formOf(params: Params): string {
  const pairs = (value: unknown, name: string): [string, string][] =>
    typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([key, each]) => pairs(each, name === '' ? key : `${name}[${key}]`))
      : [[name, String(value)]];
  return new URLSearchParams(pairs(params, '')).toString();
}

export type Params = Record<string, unknown>;

interface CallOptions {
  params?: Params;
  key?: string;
}

export interface StripeReply {
  status: number;
  headers: Headers;
  body: Record<string, unknown>;
  error: Record<string, unknown>;
}
