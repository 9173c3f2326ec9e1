import { createServer } from 'node:http';
import type { RequestListener, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HttpServer {
  /** `http://host:port` with the port really taken. */
  url: string;
  /** Takes no new request, answers those that are in flight, then ends; what takes longer than `graceMs` is cut off. */
  close: () => Promise<void>;
}

export interface StartServerOptions {
  listener: RequestListener;
  host: string;
  /** 0 picks a free one. */
  port: number;
  graceMs?: number;
}

/** Rejects when the port is taken. Slow clients are bounded: 10 s for headers, 30 s for a whole request. */
export async function startServer({ listener, host, port, graceMs = 4000 }: StartServerOptions): Promise<HttpServer> {
  const inFlight = new Set<ServerResponse>();
  const server = createServer({ headersTimeout: 10_000, requestTimeout: 30_000, keepAliveTimeout: 65_000 });
  server.on('request', (request, response) => {
    inFlight.add(response);
    response.once('close', () => inFlight.delete(response));
    listener(request, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => {
      reject(new Error(`${host}:${port} can't be used: ${error.message}`, { cause: error }));
    });
    server.listen(port, host, resolve);
  });
  const address = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        const cutOff = setTimeout(() => {
          server.closeAllConnections();
        }, graceMs);
        server.close(() => {
          clearTimeout(cutOff);
          resolve();
        });
        // Otherwise a kept-alive connection would outlive the answer it is waiting for.
        for (const response of inFlight) if (!response.headersSent) response.setHeader('Connection', 'close');
      }),
  };
}
