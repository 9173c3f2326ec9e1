import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { RequestHandler } from 'express';
import helmet from 'helmet';

/** Helmet's headers. They are the same for every answer, so helmet is asked once: its thirteen steps a request showed. */
export function securityHeaders(): RequestHandler {
  const request = new IncomingMessage(new Socket());
  const answer = new ServerResponse(request);
  helmet()(request, answer, (error) => {
    if (error) throw error instanceof Error ? error : new Error('helmet failed', { cause: error });
  });
  const headers = answer.getHeaderNames().map((name) => [name, answer.getHeader(name) ?? ''] as const);
  return (_request, response, next) => {
    for (const [name, value] of headers) response.setHeader(name, value);
    next();
  };
}
