import type { IncomingHttpHeaders } from 'node:http';

/** The password of HTTP Basic (RFC 7617), whatever the user; undefined when there is none. */
export function basicPassword({ authorization = '' }: IncomingHttpHeaders): string | undefined {
  const [scheme, token] = authorization.split(' ');
  if (scheme?.toLowerCase() !== 'basic' || token === undefined) return undefined;
  const text = Buffer.from(token, 'base64').toString('utf8');
  const at = text.indexOf(':');
  return at < 0 ? undefined : text.slice(at + 1);
}
