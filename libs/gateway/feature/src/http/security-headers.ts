import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import helmet from 'helmet';

/** Helmet's headers. They are the same for every answer, so helmet is asked once: its thirteen steps a request showed. */
export function securityHeaders(): (response: ServerResponse) => void {
  const request = new IncomingMessage(new Socket());
  const answer = new ServerResponse(request);
  helmet()(request, answer, (error) => {
    if (error) throw error instanceof Error ? error : new Error('helmet failed', { cause: error });
  });
  const headers = answer.getHeaderNames().map((name) => [name, answer.getHeader(name) ?? ''] as const);
  return (response) => {
    for (const [name, value] of headers) response.setHeader(name, value);
  };
}
