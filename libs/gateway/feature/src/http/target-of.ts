import type { Request } from 'express';

/** Path and query that a request asks for. */
export function targetOf(request: Request): { path: string; query: Request['query'] } {
  const { url } = request;
  // Nothing to take apart, as with most requests.
  return PLAIN.test(url) ? { path: url, query: {} } : { path: request.path, query: request.query };
}

const PLAIN = /^\/[A-Za-z0-9._~/-]*$/;
