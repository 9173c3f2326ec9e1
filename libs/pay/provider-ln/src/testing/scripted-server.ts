import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An HTTP server that answers what it is told to, true or not, by `METHOD /path`; 404 for the rest. */
export async function scriptedServer(script: Script): Promise<ScriptedServer> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const subject = `${request.method ?? ''} ${(request.url ?? '').split('?')[0] ?? ''}`;
    asked.push(subject);
    request.resume().on('end', () => {
      const [, answer] = Object.entries(script).find(([match]) => subject.startsWith(match)) ?? [];
      const { status = 200, body = '' } = answer ?? { status: 404, body: 'Not found' };
      response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  };
}

export type Script = Record<string, { status?: number; body?: unknown }>;

export interface ScriptedServer {
  url: string;
  /** `METHOD /path` of every request, in order. */
  asked: string[];
  close: () => Promise<void>;
}
