import type { User } from './users.js';

/** A page or a file is shown as the text in `data`; an event stream is left as soon as it has begun. */
export interface Answer {
  status: number;
  headers: Headers;
  body: { data?: unknown; code?: string; error?: string; details?: unknown };
}

export interface ApiCall {
  as?: User | undefined;
  /** Sent as JSON; text is sent as it is. */
  body?: unknown;
  headers?: Record<string, string>;
}

export type Api = (call: string, options?: ApiCall) => Promise<Answer>;

/** `api('PUT /relays/1', { as: user, body: {…} })` */
export function apiClient(url: string): Api {
  return async (call, { as, body, headers = {} } = {}) => {
    const [method = '', path = ''] = call.split(' ');
    const response = await fetch(url + path, {
      method,
      headers: { ...(as && { authorization: as.header }), ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const { status } = response;
    if (response.headers.get('content-type')?.startsWith('text/event-stream')) {
      await response.body?.cancel();
      return { status, headers: response.headers, body: { code: 'ok' } };
    }
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false;
    if (text !== '' && !isJson) return { status, headers: response.headers, body: { data: text, code: 'ok' } };
    return { status, headers: response.headers, body: text === '' ? {} : (JSON.parse(text) as Answer['body']) };
  };
}
