import type { z } from 'zod';

import type { StripeStore } from './stripe-store.js';
import { invalidRequest } from './stripe-error.js';

/** One call of Stripe's API; one file each in `routes/`. `path` has `:id` where an object is named. */
export function stripeRoute<S extends z.ZodType>(route: StripeRouteOf<S>): StripeRoute {
  return {
    method: route.method,
    path: route.path,
    answer: (params, context) => route.answer(checkParams(route.params, params), context),
  };
}

function checkParams<S extends z.ZodType>(schema: S, params: unknown): z.infer<S> {
  const parsed = schema.safeParse(params);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const path = [...(issue?.path ?? [])];
  if (issue?.code === 'unrecognized_keys') {
    const param = nameOf([...path, issue.keys[0] ?? '']);
    throw invalidRequest(400, `Received unknown parameter: ${param}`, { code: 'parameter_unknown', param });
  }
  const param = nameOf(path);
  if (path.length > 0 && valueAt(params, path) === undefined) {
    throw invalidRequest(400, `Missing required param: ${param}.`, { code: 'parameter_missing', param });
  }
  throw invalidRequest(400, `Invalid ${param}: ${issue?.message ?? 'refused'}`, { param });
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((at, key) => (typeof at === 'object' && at ? Reflect.get(at, key) : undefined), value);
}

/** `a`, `b` → `a[b]`, as Stripe names parameters. */
const nameOf = ([head = '', ...rest]: PropertyKey[]): string =>
  `${String(head)}${rest.map((part) => `[${String(part)}]`).join('')}`;

interface StripeRouteOf<S extends z.ZodType> {
  method: 'GET' | 'POST' | 'DELETE';
  path: string;
  params: S;
  answer: (params: z.infer<S>, context: StripeContext) => StripeObject;
}

export interface StripeRoute {
  method: string;
  path: string;
  answer: (params: unknown, context: StripeContext) => StripeObject;
}

export interface StripeContext {
  store: StripeStore;
  /** The id in the path; '' where there is none. */
  id: string;
  nowS: number;
}

export interface StripeObject {
  id: string;
  object: string;
  [field: string]: unknown;
}
