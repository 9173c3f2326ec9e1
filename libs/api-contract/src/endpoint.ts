import type { ErrorCode } from '@caravel/domain';
import type { z } from 'zod';
import type { Policy } from './policy.js';

/** What an endpoint says about itself. A JSON answer comes in the envelope `{data, code: "ok"}`, anything else as it is. */
export interface Endpoint {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** With `:pubkey`, `:id`, … for what is named in it. */
  path: string;
  policy: Policy;
  /** One line for people. */
  summary: string;
  /** 200 when absent. */
  status?: 201;
  query?: z.ZodType;
  body?: z.ZodType;
  answer: z.ZodType;
  /** JSON when absent. */
  answerType?:
    | 'text/csv'
    | 'text/html'
    | 'text/javascript'
    | 'text/css'
    | 'text/event-stream'
    | 'application/x-ndjson'
    | 'application/json; raw';
  /** JSON when absent. */
  bodyType?: 'application/x-ndjson' | 'application/octet-stream';
  /** The codes that follow from nothing else in here, see `allErrors`. */
  errors?: readonly ErrorCode[];
  /**
   * An `Idempotency-Key` makes repeats answer what the first one did, for 24 hours. `stored`: the answer is kept. `secret`:
   * it is not, but asked for again so that the same comes.
   */
  idempotency?: 'stored' | 'secret';
}

/** Keeps the exact types of what is said, so that gateway and client know them. */
export const endpoint = <const Said extends Endpoint>(said: Said): Said => said;

/** A body of any size, which is read while it comes in. */
export const isUpload = ({ bodyType }: Pick<Endpoint, 'bodyType'>): boolean => bodyType === 'application/x-ndjson';

/** How the tenant that a request belongs to is found; null where it belongs to none. */
export function ownedBy({ policy, path }: Pick<Endpoint, 'policy' | 'path'>): 'path' | 'resource' | 'body' | null {
  if (policy !== 'adminOrTenant' && policy !== 'sameTenantOnly') return null;
  if (path.includes('/:pubkey')) return 'path';
  return path.includes('/:') ? 'resource' : 'body';
}
