import type { IncomingMessage, ServerResponse } from 'node:http';

/** NIP-11: the information document when asked for it, a line of text otherwise. Readable from any web page. */
export function sendNip11(request: IncomingMessage, response: ServerResponse, document: Nip11): void {
  const cors = {
    'access-control-allow-origin': '*',
    'access-control-allow-headers': '*',
    'access-control-allow-methods': 'GET',
  };
  if (request.method === 'OPTIONS') response.writeHead(204, cors).end();
  else if (request.headers.accept?.includes('application/nostr+json')) {
    response.writeHead(200, { ...cors, 'content-type': 'application/nostr+json' }).end(JSON.stringify(document));
  } else response.writeHead(200, { ...cors, 'content-type': 'text/plain' }).end('Use a Nostr client.\n');
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
