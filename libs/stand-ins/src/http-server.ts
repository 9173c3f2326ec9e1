import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Listens on loopback unless told otherwise; port 0 takes a free one. A handler that throws answers 500. */
export async function listenHttp(handle: HttpHandler, at: ListenAt = {}): Promise<HttpListener> {
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      if (response.headersSent || response.destroyed) return;
      sendJson(response, 500, { error: error instanceof Error ? error.message : 'unknown' });
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(at.port ?? 0, at.host ?? '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const address = `${at.publicHost ?? '127.0.0.1'}:${port}`;
  return { server, port, address, close: () => closeServer(server) };
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  sendAnswer(response, { status, body });
}

/** A string is sent as it is, anything else as JSON. */
export function sendAnswer(response: ServerResponse, { status, body, headers }: HttpAnswer): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

/** The whole body as text, or undefined when it is longer than `limitBytes`. */
export async function readBody(request: IncomingMessage, limitBytes: number): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= limitBytes) chunks.push(chunk);
  }
  return size > limitBytes ? undefined : Buffer.concat(chunks).toString('utf8');
}

/** The path without its query. */
export function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').split('?')[0] ?? '/';
}

async function closeServer(server: Server): Promise<void> {
  if (!server.listening) return;
  server.closeAllConnections();
  await new Promise<void>((resolve) => {
    server.close(() => {
      resolve();
    });
  });
}

export type HttpHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

export interface HttpAnswer {
  status: number;
  body: unknown;
  headers?: Record<string, string>;
}

/** Where to listen, and under which name others reach it: containers have one, loopback needs none. */
export interface ListenAt {
  port?: number | undefined;
  host?: string | undefined;
  publicHost?: string | undefined;
}

export interface HttpListener {
  server: Server;
  port: number;
  /** `host:port` for a URL. */
  address: string;
  close: () => Promise<void>;
}
