import { createServer } from 'node:http';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A real server that answers requests one after the other as it is told, the last way again and again. */
export async function testServer(...answers: [Answerer, ...Answerer[]]) {
  const requests: SeenRequest[] = [];
  const server = createServer((request, response) => {
    const answer = answers[Math.min(requests.length, answers.length - 1)];
    const { method = '', url = '', headers } = request;
    const seen = { method, url, headers, body: '' };
    requests.push(seen);
    void text(request).then((body) => {
      seen.body = body;
      answer?.(response, seen);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: () => {
      server.closeAllConnections();
      return new Promise<void>((resolve) =>
        server.close(() => {
          resolve();
        }),
      );
    },
  };
}
export type TestServer = Awaited<ReturnType<typeof testServer>>;

/** JSON under a status. */
export const json =
  (status: number, value: unknown, headers: Record<string, string> = {}): Answerer =>
  (response) => {
    response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(value));
  };
export const ok = (data: unknown, headers?: Record<string, string>) => json(200, { data, code: 'ok' }, headers);

/** Closes the connection without a word. */
export const reset: Answerer = (response) => void response.destroy();

export const hang: Answerer = () => undefined;

export type Answerer = (response: ServerResponse, request: SeenRequest) => void;

interface SeenRequest {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  body: string;
}
