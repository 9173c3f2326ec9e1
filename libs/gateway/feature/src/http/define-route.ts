import type { ErrorCode, Pubkey } from '@caravel/domain';
import { AppError } from '@caravel/domain';
import { z } from 'zod';
import type { GatewayDeps } from '../gateway-deps.js';
import { allErrors } from './all-errors.js';
import { checkPolicy, mayActFor, requireNamedTenant } from './authorize.js';
import { commandId } from './command-id.js';
import { parseJsonBody } from './json-body.js';
import type { Caller, Policy, Route, RouteCall, RouteResult } from './route.js';
import { validate } from './validate.js';

const noFields = z.object({});
type NoFields = typeof noFields;

/** A route without a signature: whatever header comes is ignored. */
export function definePublicRoute<A extends z.ZodType, P extends z.ZodType = NoFields, Q extends z.ZodType = NoFields>(
  spec: PublicRouteSpec<P, Q, A>,
): Route {
  return {
    ...described(spec, null),
    run: async (call, deps) => {
      const input = { params: validate(spec.params, call.params), query: validate(spec.query, call.query) };
      return { data: await spec.handler(input, deps), nextCursor: null };
    },
  };
}

/** A route of the caller itself, of admins, or (with `ownerOf`) of the tenant that the body names. */
export function defineRoute<A extends z.ZodType, Q extends z.ZodType = NoFields, B extends z.ZodType = NoFields>(
  spec: RouteSpec<Q, B, A>,
): Route {
  const { ownerOf } = spec;
  return {
    ...described(spec, ownerOf ? 'body' : null),
    run: async (call, deps) => {
      const caller = signedBy(call);
      await checkPolicy(spec.policy, caller, deps);
      const input = inputOf(spec, call, caller);
      if (ownerOf) requireNamedTenant(spec.policy, caller, ownerOf(input.body, caller));
      return answerOf((nextPage) => spec.handler({ ...input, nextPage }, deps));
    },
  };
}

/**
 * A route of one tenant's resource. Somebody else's pubkey in the path → `forbidden`; somebody else's resource →
 * `not-found`, the same as one that does not exist, so that ids can't be probed.
 */
export function defineOwnedRoute<
  A extends z.ZodType,
  R,
  Q extends z.ZodType = NoFields,
  B extends z.ZodType = NoFields,
>(spec: OwnedRouteSpec<R, Q, B, A>): Route {
  return {
    ...described(spec, spec.path.includes('/:pubkey') ? 'path' : 'resource'),
    run: async (call, deps) => {
      const caller = signedBy(call);
      const { pubkey } = call.params;
      if (pubkey !== undefined) requireNamedTenant(spec.policy, caller, pubkey);
      const found = await spec.load(call.params, deps);
      if (!mayActFor(spec.policy, caller, found.owner)) throw found.missing();
      if (found.resource === null) throw found.missing();

      const input = inputOf(spec, call, caller);
      const { resource } = found;
      return answerOf((nextPage) => spec.handler({ ...input, resource, nextPage }, deps));
    },
  };
}

/** A route of administrators about one resource, which is named in the path. */
export function defineAdminRoute<
  A extends z.ZodType,
  R,
  Q extends z.ZodType = NoFields,
  B extends z.ZodType = NoFields,
>(spec: AdminRouteSpec<R, Q, B, A>): Route {
  const { errors = [] } = spec;
  return {
    ...described({ ...spec, policy: 'admin', errors: [...errors, 'not-found'] }, null),
    run: async (call, deps) => {
      const caller = signedBy(call);
      await checkPolicy('admin', caller, deps);
      const { resource, missing } = await spec.load(call.params, deps);
      if (resource === null) throw missing();
      const input = inputOf(spec, call, caller);
      return answerOf((nextPage) => spec.handler({ ...input, resource, nextPage }, deps));
    },
  };
}

function described(spec: AnySpec, ownedBy: Route['ownedBy']): Omit<Route, 'run'> {
  const { method, path, policy, summary, status = 200, answer, params, query, body } = spec;
  const schemas = { ...(params && { params }), ...(query && { query }), ...(body && { body }) };
  return { method, path, policy, summary, status, ownedBy, answer, errors: allErrors(spec, ownedBy), ...schemas };
}

function signedBy({ caller }: RouteCall): Caller {
  if (!caller) throw new AppError('unauthorized', 'This needs a signed request.');
  return caller;
}

function inputOf<Q extends z.ZodType, B extends z.ZodType>(
  { query, body }: { query?: Q; body?: B },
  call: RouteCall,
  caller: Caller,
): Omit<Input<Q, B>, 'nextPage'> {
  return {
    caller,
    query: validate(query ?? noFields, call.query) as z.output<Q>,
    body: readBody(body, call),
    commandId: (verb) => commandId(verb, caller, call),
  };
}

/** Also where no field is read: a body that is no JSON object is a mistake of the caller's. */
function readBody<B extends z.ZodType>(schema: B | undefined, call: RouteCall): z.output<B> {
  return validate(schema ?? noFields, parseJsonBody(call.rawBody)) as z.output<B>;
}

async function answerOf(work: (nextPage: NextPage) => Promise<unknown>): Promise<RouteResult> {
  let nextCursor: string | null = null;
  const data = await work((cursor) => {
    nextCursor = cursor;
  });
  return { data, nextCursor };
}

/** Says where the list goes on (a `Link` header), or null on its last page. */
type NextPage = (cursor: string | null) => void;

interface Spec<A extends z.ZodType> {
  path: string;
  summary: string;
  answer: A;
  status?: 200 | 201;
  /** The codes that follow from nothing else in here, see `allErrors`. */
  errors?: readonly ErrorCode[];
}

type AnySpec = Spec<z.ZodType> & Pick<Route, 'method' | 'policy' | 'params' | 'query' | 'body'>;

interface PublicRouteSpec<P extends z.ZodType, Q extends z.ZodType, A extends z.ZodType> extends Spec<A> {
  method: 'GET';
  policy: 'public';
  params?: P;
  query?: Q;
  handler: (input: { params: z.output<P>; query: z.output<Q> }, deps: GatewayDeps) => Promise<z.input<A>>;
}

interface RouteSpec<Q extends z.ZodType, B extends z.ZodType, A extends z.ZodType> extends Spec<A> {
  method: Route['method'];
  policy: Exclude<Policy, 'public'>;
  query?: Q;
  body?: B;
  /** Whose request it is, for `adminOrTenant` and `sameTenantOnly`. */
  ownerOf?: (body: z.output<B>, caller: Caller) => Pubkey;
  handler: (input: Input<Q, B>, deps: GatewayDeps) => Promise<z.input<A>>;
}

interface OwnedRouteSpec<R, Q extends z.ZodType, B extends z.ZodType, A extends z.ZodType> extends Spec<A> {
  method: Route['method'];
  policy: 'adminOrTenant' | 'sameTenantOnly';
  load: Load<R>;
  query?: Q;
  body?: B;
  handler: (input: Input<Q, B> & { resource: R }, deps: GatewayDeps) => Promise<z.input<A>>;
}

interface AdminRouteSpec<R, Q extends z.ZodType, B extends z.ZodType, A extends z.ZodType> extends Spec<A> {
  method: Route['method'];
  load: Load<R>;
  query?: Q;
  body?: B;
  handler: (input: Input<Q, B> & { resource: R }, deps: GatewayDeps) => Promise<z.input<A>>;
}

/** Finds what the path names. */
export type Load<R> = (params: RouteCall['params'], deps: GatewayDeps) => Promise<Found<R>>;

export interface Found<R> {
  resource: R | null;
  /** Null together with the resource. */
  owner: Pubkey | null;
  /** What is answered when it is not there, or not the caller's. */
  missing: () => AppError;
}

interface Input<Q extends z.ZodType, B extends z.ZodType> {
  caller: Caller;
  query: z.output<Q>;
  body: z.output<B>;
  nextPage: NextPage;
  /** Names this command: the same for every request that repeats it. */
  commandId: (verb: string) => string;
}
