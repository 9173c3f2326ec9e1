import type { z } from 'zod';

import type { FormValue } from './parse-form.js';
import { readParams } from './read-params.js';
import { requestSchema } from './request-schemas.js';
import { invalidRequest } from './stripe-error.js';
import type { DeletedObject, StripeObject } from './stripe-objects.js';
import type { StripeList } from './list-objects.js';
import type { StripeWorld } from './stripe-world.js';

/**
 * One call of Stripe's API; one file each in `routes/`. `path` has `:id` where an object is named. A form is read by the
 * schema of the SDK's types, then by `params`: the parameters that are acted upon, with the limits no type can tell.
 */
export function stripeRoute<S extends z.ZodType>(route: StripeRouteOf<S>): StripeRoute {
  const name = `${route.method} ${route.path}`;
  const schema = requestSchema(name);
  if (!schema) throw new Error(`no schema of ${name}`);
  const pattern = new RegExp(`^${route.path.replace(':id', '([^/]+)')}$`);
  return {
    name,
    idIn: (method, path) => (method === route.method ? pattern.exec(path)?.slice(0, 2).at(-1) : undefined),
    prepare: (form) => {
      const given = readParams(schema, form);
      const params = checkParams(route.params, given);
      return { expand: expandOf(given), run: (world, id) => route.answer(params, { world, id }) };
    },
  };
}

function checkParams<S extends z.ZodType>(schema: S, given: unknown): z.infer<S> {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const [head = '', ...rest] = issue?.path ?? [];
  const param = `${String(head)}${rest.map((part) => `[${String(part)}]`).join('')}`;
  if (issue?.code === 'invalid_type' && issue.input === undefined) {
    throw invalidRequest(400, `Missing required param: ${param}.`, { code: 'parameter_missing', param });
  }
  throw invalidRequest(400, `Invalid ${param}: ${issue?.message ?? 'refused'}`, { param });
}

const expandOf = ({ expand }: Record<string, unknown>): string[] => (Array.isArray(expand) ? expand.map(String) : []);

type StripeAnswer = StripeObject | StripeList | DeletedObject;

interface StripeRouteOf<S extends z.ZodType> {
  method: 'DELETE' | 'GET' | 'POST';
  path: string;
  params: S;
  answer: (params: z.infer<S>, context: StripeContext) => StripeAnswer;
}

export interface StripeRoute {
  /** `POST /v1/customers/:id`: the endpoint, as rate limits count. */
  name: string;
  /** The id in the path, the path itself where none is in it; undefined for another route's path. */
  idIn: (method: string, path: string) => string | undefined;
  /** Throws before anything was done when the parameters are at fault. */
  prepare: (form: FormValue) => PreparedCall;
}

export interface PreparedCall {
  expand: string[];
  run: (world: StripeWorld, id: string) => StripeAnswer;
}

export interface StripeContext {
  world: StripeWorld;
  id: string;
}
