import type { ErrorCode, Pubkey } from '@caravel/domain';
import type { z } from 'zod';
import type { GatewayDeps } from '../gateway-deps.js';

/**
 * Who may call a route (`caravel.md` section 2).
 * `authenticated`: any valid key. `tenant`: a key with an account. `adminOrTenant`, `sameTenantOnly`: the tenant whose
 * path, resource or body it is, with and without admins.
 */
export const POLICIES = ['public', 'authenticated', 'admin', 'tenant', 'adminOrTenant', 'sameTenantOnly'] as const;
export type Policy = (typeof POLICIES)[number];

/** Who signed the request. */
export interface Caller {
  pubkey: Pubkey;
  isAdmin: boolean;
}

/** One route as the router serves it; made by `defineRoute`, `defineOwnedRoute` and `definePublicRoute`. */
export interface Route {
  method: 'GET' | 'POST' | 'PUT';
  path: string;
  policy: Policy;
  /** One line for the documentation. */
  summary: string;
  status: 200 | 201;
  params?: z.ZodType;
  query?: z.ZodType;
  body?: z.ZodType;
  answer: z.ZodType;
  /** Every code it can answer with, but `internal`. */
  errors: readonly ErrorCode[];
  /** How the tenant it belongs to is found; `adminOrTenant` and `sameTenantOnly` need one. */
  ownedBy: 'path' | 'resource' | 'body' | null;
  run: (call: RouteCall, deps: GatewayDeps) => Promise<RouteResult>;
}

/** A request after authentication, before anything in it was validated. */
export interface RouteCall {
  caller: Caller | null;
  params: Readonly<Record<string, unknown>>;
  query: unknown;
  /** The bytes that arrived, empty when there was no body. */
  rawBody: Uint8Array;
  requestId: string;
  /** The caller's own name for this command. */
  idempotencyKey: string | undefined;
  /** The value of one header, whatever its case. */
  header: (name: string) => string | undefined;
}

export interface RouteResult {
  /** Sent in the envelope, a {@link TextDocument} as it is. */
  data: unknown;
  /** Of a list that goes on. */
  nextCursor: string | null;
}
