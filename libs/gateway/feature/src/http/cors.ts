import type { IncomingMessage, ServerResponse } from 'node:http';

const ALLOWED_HEADERS = 'Authorization, Content-Type, Accept, Idempotency-Key, Last-Event-ID';
/** What a page may read of an answer besides its status and body. */
export const EXPOSED_HEADERS =
  'Link, Retry-After, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, RateLimit-Policy, RateLimit, Idempotent-Replayed, X-Request-Id';
const PREFLIGHT_MAX_AGE_S = 600;

/**
 * CORS for the origins that are listed, compared as strings (`capacitor://localhost` is one). Goes before everything
 * else, so that errors can be read by a browser too. True when it was a preflight and is answered.
 */
export function cors(origins: readonly string[], methods: readonly string[]): Cors {
  const allowed = new Set(origins);
  const preflight = new Map([
    ['Access-Control-Allow-Methods', methods.join(', ')],
    ['Access-Control-Allow-Headers', ALLOWED_HEADERS],
    ['Access-Control-Max-Age', String(PREFLIGHT_MAX_AGE_S)],
  ]);
  return (request, response) => {
    const { origin } = request.headers;
    response.setHeader('Vary', 'Origin');
    if (origin !== undefined && allowed.has(origin)) {
      response.setHeader('Access-Control-Allow-Origin', origin);
      response.setHeader('Access-Control-Expose-Headers', EXPOSED_HEADERS);
    }
    if (request.method !== 'OPTIONS' || request.headers['access-control-request-method'] === undefined) {
      return false;
    }
    response.setHeaders(preflight);
    response.writeHead(204).end();
    return true;
  };
}

type Cors = (request: IncomingMessage, response: ServerResponse) => boolean;
