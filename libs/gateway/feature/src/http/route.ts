import type { Readable } from 'node:stream';
import type { Endpoint, ownedBy } from '@caravel/api-contract';
import type { ErrorCode, Pubkey } from '@caravel/domain';
import type { GatewayDeps } from '../gateway-deps.js';

/** Who signed the request. */
export interface Caller {
  pubkey: Pubkey;
  isAdmin: boolean;
}

/** One endpoint as the router serves it; made by the functions of `define-route.ts`. */
export interface Route extends Omit<Endpoint, 'status'> {
  status: 200 | 201;
  /** Every code it can answer with, but `internal`. */
  errors: readonly ErrorCode[];
  /** Another service does it, once per command id: under an `Idempotency-Key` no transaction is held meanwhile. */
  elsewhere?: boolean | undefined;
  /** How the tenant it belongs to is found; `adminOrTenant` and `sameTenantOnly` need one. */
  ownedBy: ReturnType<typeof ownedBy>;
  run: (call: RouteCall, deps: GatewayDeps) => Promise<RouteResult>;
}

/** A request after authentication, before anything in it was validated. */
export interface RouteCall {
  caller: Caller | null;
  params: Readonly<Record<string, unknown>>;
  query: unknown;
  /** The bytes that arrived, empty when there was no body or it is an upload. */
  rawBody: Uint8Array;
  /** The body of an upload, while it comes in. */
  upload?: Readable;
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
  /** What the first request with this `Idempotency-Key` was answered with; absent when this is the first. */
  replayedStatus?: number;
}
