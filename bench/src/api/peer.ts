import type { AddressInfo } from 'node:net';
import express from 'express';
import type { RequestHandler, Response } from 'express';
import { unpackEventFromToken, validateEvent } from 'nostr-tools/nip98';

/** What our gateway is compared with: Express as its documentation has it, with nostr-tools where signatures are checked. */
export function servePeer(authentication: string, url: string): void {
  const app = express();
  app.get('/identity', ...(authentication === 'nostr-tools' ? [checkSignature(url)] : []), (_request, response) => {
    response.json({ data: { pubkey: signerOf(response), is_admin: false }, code: 'ok' });
  });
  const server = app.listen(0, '127.0.0.1', () => {
    const { port } = server.address() as AddressInfo;
    process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${port}` })}\n`);
  });
  process.once('SIGTERM', () => {
    server.closeAllConnections();
    server.close();
  });
}

const NOBODY = '0'.repeat(64);
const signerOf = ({ locals }: Response): string => (typeof locals['pubkey'] === 'string' ? locals['pubkey'] : NOBODY);

function checkSignature(url: string): RequestHandler {
  return async (request, response, next) => {
    try {
      const event = await unpackEventFromToken(request.headers.authorization ?? '');
      await validateEvent(event, url, request.method);
      response.locals['pubkey'] = event.pubkey;
      next();
    } catch {
      response.status(401).json({ error: 'unauthorized', code: 'unauthorized' });
    }
  };
}
