import type { ErrorCode } from '@caravel/domain';
import type { Route } from './route.js';

type Declared = Pick<Route, 'method' | 'policy' | 'query'> & { errors?: readonly ErrorCode[] };

/** Every code a route can answer with, but `internal`: its own, and what its policy, owner, query and method bring along. */
export function allErrors({ method, policy, query, errors = [] }: Declared, ownedBy: Route['ownedBy']): ErrorCode[] {
  const codes: ErrorCode[] = [...errors];
  if (policy !== 'public') codes.push('unauthorized');
  if (policy === 'admin' || ownedBy === 'path' || ownedBy === 'body') codes.push('forbidden');
  if (policy === 'tenant') codes.push('tenant-missing');
  if (ownedBy === 'path' || ownedBy === 'resource') codes.push('not-found');
  if (method !== 'GET') codes.push('invalid-request', 'payload-too-large');
  if (query) codes.push('invalid-request');
  return [...new Set(codes)].sort();
}
