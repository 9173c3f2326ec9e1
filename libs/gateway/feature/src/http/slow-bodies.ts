import type { IncomingMessage, Server } from 'node:http';

/**
 * Ends requests whose bodies are not here within `requestMs`. Node's own limit knows no exception, and an upload takes as
 * long as it takes (who sends nothing of it is noticed where it is read).
 */
export function dropSlowBodies(server: Server, { requestMs, isUpload }: SlowBodies): void {
  server.on('request', (request: IncomingMessage) => {
    if (!hasBody(request) || isUpload(request)) return;
    const timer = setTimeout(() => {
      if (!request.complete) server.emit('clientError', new RequestTimeout(), request.socket);
    }, requestMs);
    timer.unref();
    request.once('close', () => {
      clearTimeout(timer);
    });
  });
}

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';

/** As Node's. */
class RequestTimeout extends Error {
  readonly code = 'ERR_HTTP_REQUEST_TIMEOUT';
}

interface SlowBodies {
  requestMs: number;
  isUpload: (request: IncomingMessage) => boolean;
}
