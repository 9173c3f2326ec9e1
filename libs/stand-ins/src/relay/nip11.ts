import type { HttpAnswer } from '../http-server.js';
import type { HttpCall } from '../http-stand-in.js';

const CORS = {
  'access-control-allow-origin': '*',
  'access-control-allow-headers': '*',
  'access-control-allow-methods': 'GET',
};

/** NIP-11: the information document when asked for it, a line of text otherwise. Readable from any web page. */
export function nip11Answer({ method, path, headers }: HttpCall, document: Nip11): HttpAnswer {
  if (path !== '/') return { status: 404, body: '' };
  if (method === 'OPTIONS') return { status: 200, headers: CORS, body: '' };
  return headers.accept?.includes('application/nostr+json')
    ? { status: 200, headers: { ...CORS, 'content-type': 'application/nostr+json' }, body: document }
    : { status: 200, headers: { ...CORS, 'content-type': 'text/plain' }, body: 'Use a Nostr client.\n' };
}

export interface Nip11 {
  name: string;
  description: string;
  icon?: string;
  /** Whom to contact; at zooid the relay's owner. */
  pubkey?: string;
  /** The relay's own key. */
  self?: string;
  supported_nips: readonly number[];
  software: string;
  version: string;
  limitation?: Record<string, number | boolean>;
}
