import type { User } from './users.js';
import type { ValidRequest } from './valid-request.js';

export interface Sent {
  status: number;
  contentType: string;
  /** Empty for an event stream, which is left as soon as it has begun. */
  text: string;
}

/** Sends a request as somebody, or as nobody. */
export async function send(url: string, { method, path, body, headers }: ValidRequest, as?: User): Promise<Sent> {
  const leave = new AbortController();
  const response = await fetch(url + path, {
    method,
    headers: { ...(as && { authorization: as.header }), ...headers },
    signal: leave.signal,
    ...(body !== undefined && { body }),
  });
  const contentType = response.headers.get('content-type') ?? '';
  const isStream = contentType.startsWith('text/event-stream');
  const text = isStream ? '' : await response.text();
  leave.abort();
  return { status: response.status, contentType, text };
}
