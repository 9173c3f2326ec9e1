import type { ErrorCode } from '@caravel/domain';
import { isUpload, ownedBy } from './endpoint.js';
import type { Endpoint } from './endpoint.js';

type Declared = Pick<Endpoint, 'method' | 'path' | 'policy' | 'query' | 'bodyType' | 'errors' | 'idempotency'>;

/**
 * Every code an endpoint can answer with, but `internal`: its own, and what its policy, owner, query and method bring along.
 * All of them may be `rate-limited`, and `service-unavailable` while the database is away.
 */
export function allErrors(said: Declared): ErrorCode[] {
  const { method, path, policy, query, errors = [], idempotency } = said;
  const owner = ownedBy(said);
  const codes: ErrorCode[] = [...errors, 'rate-limited', 'service-unavailable'];
  if (policy !== 'public') codes.push('unauthorized');
  if (policy === 'admin' || owner === 'path' || owner === 'body') codes.push('forbidden');
  if (policy === 'tenant') codes.push('tenant-missing');
  if (owner === 'path' || owner === 'resource' || (policy === 'admin' && path.includes('/:'))) codes.push('not-found');
  if (method !== 'GET') codes.push('invalid-request');
  if (method !== 'GET' && !isUpload(said)) codes.push('payload-too-large');
  // What stands in the path may be no UTF-8.
  if (query || path.includes('/:')) codes.push('invalid-request');
  if (idempotency) codes.push('idempotency-busy', 'idempotency-mismatch');
  return [...new Set(codes)].sort();
}
