import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Health } from './health.js';
import type { Metrics } from './metrics.js';

/**
 * The operator's door, on loopback unless told otherwise: `/healthz` (the process is alive), `/readyz` (200 or 503 with
 * the checks), `/metrics` (Prometheus text). Rejects when the port is taken. Port 0 picks a free one.
 */
export async function startOpsServer({ host, port, ...parts }: OpsServerOptions): Promise<OpsServer> {
  const server = createServer((request, response) => {
    answer(request, response, parts).catch(() => {
      response.writeHead(500).end();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => {
      reject(new Error(`the ops port ${host}:${port} can't be used: ${error.message}`, { cause: error }));
    });
    server.listen(port, host, resolve);
  });
  const { port: actualPort } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${actualPort}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

async function answer(request: IncomingMessage, response: ServerResponse, parts: Parts): Promise<void> {
  const { health, metrics, pages } = parts;
  const { pathname: path, searchParams } = new URL(request.url ?? '/', 'http://ops');
  const page = pages?.get(path);
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405).end();
  } else if (path === '/healthz') {
    sendJson(response, 200, { alive: true });
  } else if (path === '/readyz') {
    const report = await health.report();
    sendJson(response, report.ready ? 200 : 503, report);
  } else if (path === '/metrics') {
    const text = await metrics.registry.metrics();
    response.writeHead(200, { 'content-type': metrics.registry.contentType }).end(text);
  } else if (page) {
    const { status, headers } = await page(searchParams);
    response.writeHead(status, { 'cache-control': 'no-store', ...headers }).end();
  } else {
    sendJson(response, 404, { error: 'not found' });
  }
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}

export interface OpsServer {
  /** `http://host:port` with the port really taken. */
  url: string;
  close: () => Promise<void>;
}

interface Parts {
  health: Health;
  metrics: Metrics;
  /** What a service answers besides, by path. */
  pages?: ReadonlyMap<string, OpsPage>;
}

/** Answers a GET by its query; the status is all there is to say. One that fails is a 500. */
export type OpsPage = (query: URLSearchParams) => Promise<{ status: number; headers?: Record<string, string> }>;

interface OpsServerOptions extends Parts {
  host: string;
  port: number;
}
