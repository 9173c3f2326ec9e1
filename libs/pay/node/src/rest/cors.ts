import type { RequestHandler } from 'express';

/** `rest.cors_origins`: these pages may ask, with a key; `*` is every page. Off, no header of it is ever sent. */
export function cors(origins: readonly string[]): RequestHandler {
  return (request, response, next) => {
    const origin = request.get('origin');
    response.vary('Origin');
    if (origin === undefined || !(origins.includes(origin) || origins.includes('*'))) {
      next();
      return;
    }
    response.set('Access-Control-Allow-Origin', origin);
    if (request.method !== 'OPTIONS') {
      next();
      return;
    }
    response.set({
      'Access-Control-Allow-Methods': 'GET, POST',
      'Access-Control-Allow-Headers': 'Authorization, X-API-Key, Content-Type, Accept, X-Afpay-Protocol',
      'Access-Control-Max-Age': '600',
    });
    response.status(204).end();
  };
}
