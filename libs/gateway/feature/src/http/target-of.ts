import { parse } from 'node:querystring';
import type { ParsedUrlQuery } from 'node:querystring';

/** Path and query of a request's target, as Express has them; but never fails, whatever was sent. */
export function targetOf(url: string): { path: string; query: ParsedUrlQuery } {
  // A proxy is asked for whole addresses (RFC 9112, 3.2.2), and every server has to take them.
  const target = url.startsWith('/') ? url : url.replace(/^https?:\/\/[^/?]*/i, '');
  const mark = target.indexOf('?');
  if (mark === -1) return { path: target, query: {} };
  return { path: target.slice(0, mark), query: parse(target.slice(mark + 1)) };
}
