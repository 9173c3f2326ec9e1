import { Readable } from 'node:stream';
import { allErrors, ownedBy } from '@caravel/api-contract';
import type { Endpoint } from '@caravel/api-contract';
import type { Pubkey } from '@caravel/domain';
import { AppError } from '@caravel/domain';
import { z } from 'zod';
import type { GatewayDeps } from '../gateway-deps.js';
import { checkPolicy, mayActFor, requireNamedTenant } from './authorize.js';
import { commandId } from './command-id.js';
import { parseJsonBody } from './json-body.js';
import type { Caller, Route, RouteCall, RouteResult } from './route.js';
import type { TextDocument } from './text-document.js';
import { validate } from './validate.js';

const noFields = z.object({});
type NoFields = typeof noFields;

/** A route without a signature: whatever header comes is ignored. */
export function definePublicRoute<E extends PublicEndpoint>(endpoint: E, { handler }: PublicRoute<E>): Route {
  return {
    ...described(endpoint),
    run: async (call, deps) => {
      const params = call.params as ParamsOf<E['path']>;
      const query = validate(endpoint.query ?? noFields, call.query) as QueryOf<E>;
      return { data: await handler({ params, query }, deps), nextCursor: null };
    },
  };
}

/** A route of the caller itself, of admins, or (with `ownerOf`) of the tenant that the body names. */
export function defineRoute<E extends SignedEndpoint>(endpoint: E, { ownerOf, handler }: SignedRoute<E>): Route {
  const { policy } = endpoint;
  return {
    ...described(endpoint),
    run: async (call, deps) => {
      const caller = signedBy(call);
      await checkPolicy(policy, caller, deps);
      const input = inputOf(endpoint, call, caller);
      if (ownerOf) requireNamedTenant(policy, caller, ownerOf(input.body, caller));
      return answerOf((nextPage) => handler({ ...input, nextPage }, deps));
    },
  };
}

/**
 * A route of one tenant's resource. Somebody else's pubkey in the path → `forbidden`; somebody else's resource →
 * `not-found`, the same as one that does not exist, so that ids can't be probed.
 */
export function defineOwnedRoute<E extends OwnedEndpoint, R>(
  endpoint: E,
  { load, handler }: ResourceRoute<E, R>,
): Route {
  const { policy } = endpoint;
  return {
    ...described(endpoint),
    run: async (call, deps) => {
      const caller = signedBy(call);
      const { pubkey } = call.params;
      if (pubkey !== undefined) requireNamedTenant(policy, caller, pubkey);
      const { resource, owner, missing } = await load(call.params, deps);
      if (resource === null || !mayActFor(policy, caller, owner)) throw missing();
      const input = inputOf(endpoint, call, caller);
      return answerOf((nextPage) => handler({ ...input, resource, nextPage }, deps));
    },
  };
}

/** A route of administrators about one resource, which is named in the path. */
export function defineAdminRoute<E extends AdminEndpoint, R>(
  endpoint: E,
  { load, handler, elsewhere }: AdminRoute<E, R>,
): Route {
  return {
    ...described(endpoint),
    elsewhere,
    run: async (call, deps) => {
      const caller = signedBy(call);
      await checkPolicy('admin', caller, deps);
      const { resource, missing } = await load(call.params, deps);
      if (resource === null) throw missing();
      const input = inputOf(endpoint, call, caller);
      return answerOf((nextPage) => handler({ ...input, resource, nextPage }, deps));
    },
  };
}

function described(endpoint: Endpoint): Omit<Route, 'run'> {
  const { status = 200 } = endpoint;
  return { ...endpoint, status, ownedBy: ownedBy(endpoint), errors: allErrors(endpoint) };
}

function signedBy({ caller }: RouteCall): Caller {
  if (!caller) throw new AppError('unauthorized', 'This needs a signed request.');
  return caller;
}

function inputOf<E extends Endpoint>(endpoint: E, call: RouteCall, caller: Caller): Omit<Input<E>, 'nextPage'> {
  return {
    caller,
    query: validate(endpoint.query, call.query) as QueryOf<E>,
    // Also where no field is read: a body that is no JSON object is a mistake of the caller's.
    body: validate(endpoint.body ?? noFields, parseJsonBody(call.rawBody)) as BodyOf<E>,
    commandId: (verb) => commandId(verb, caller, call),
    header: call.header,
    upload: call.upload ?? Readable.from([]),
  };
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

type PublicEndpoint = Endpoint & { method: 'GET'; policy: 'public' };
type SignedEndpoint = Endpoint & { policy: 'authenticated' | 'admin' | 'tenant' | 'adminOrTenant' | 'sameTenantOnly' };
type OwnedEndpoint = Endpoint & { policy: 'adminOrTenant' | 'sameTenantOnly' };
type AdminEndpoint = Endpoint & { policy: 'admin' };

type SchemaOf<E, Part extends string> = E extends Record<Part, infer S extends z.ZodType> ? S : NoFields;
type QueryOf<E> = z.output<SchemaOf<E, 'query'>>;
type BodyOf<E> = z.output<SchemaOf<E, 'body'>>;
type AnswerOf<E extends Endpoint> = E extends { answerType: string } ? TextDocument : z.input<E['answer']>;
/** What a path names: `{id: string}` for `/relays/:id`. */
type ParamsOf<Path extends string> = Path extends `${string}/:${infer Name}/${infer Rest}`
  ? Record<Name, string> & ParamsOf<`/${Rest}`>
  : Path extends `${string}/:${infer Name}`
    ? Record<Name, string>
    : unknown;

interface PublicRoute<E extends Endpoint> {
  handler: (input: { params: ParamsOf<E['path']>; query: QueryOf<E> }, deps: GatewayDeps) => Promise<AnswerOf<E>>;
}

interface SignedRoute<E extends Endpoint> {
  /** Whose request it is, for `adminOrTenant` and `sameTenantOnly`. */
  ownerOf?: (body: BodyOf<E>, caller: Caller) => Pubkey;
  handler: (input: Input<E>, deps: GatewayDeps) => Promise<AnswerOf<E>>;
}

interface ResourceRoute<E extends Endpoint, R> {
  load: Load<R>;
  handler: (input: Input<E> & { resource: R }, deps: GatewayDeps) => Promise<AnswerOf<E>>;
}

interface AdminRoute<E extends Endpoint, R> extends ResourceRoute<E, R> {
  /** Another service does it, once per `commandId`. */
  elsewhere?: true;
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

interface Input<E extends Endpoint> {
  caller: Caller;
  query: QueryOf<E>;
  body: BodyOf<E>;
  nextPage: NextPage;
  /** Names this command: the same for every request that repeats it. */
  commandId: (verb: string) => string;
  /** The value of one header, whatever its case. */
  header: (name: string) => string | undefined;
  /** The body of an upload, while it comes in. */
  upload: Readable;
}
