import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { limitConnections } from './connection-limit.js';
import { drainServer } from './drain-server.js';
import { InFlight } from './in-flight.js';
import { dropSlowBodies } from './slow-bodies.js';
import { dropSlowReaders } from './slow-readers.js';
import { answerUnreadable } from './unreadable-requests.js';

export interface HttpServer {
  /** `http://host:port` with the port really taken. */
  url: string;
  /** Takes no new connection, answers what is in flight, then ends; what takes longer than the limits allow is cut off. */
  close: () => Promise<void>;
}

export interface StartServerOptions {
  listener: RequestListener;
  host: string;
  /** 0 picks a free one. */
  port: number;
  limits?: Partial<ServerLimits>;
  /** Open connections of one address; more are refused. */
  maxConnectionsPerAddress?: number;
  /** Addresses that may have more: reverse proxies. */
  isProxy?: (address: string) => boolean;
  /** Whose body may take as long as it likes. */
  isUpload?: (request: IncomingMessage) => boolean;
  /** For each connection that was one too many. */
  onRefused?: () => void;
}

/** How long a client may take for what. */
export interface ServerLimits {
  /** For all headers of a request, from its connection or its first byte on. */
  headersMs: number;
  /** For a whole request. */
  requestMs: number;
  /** Between two requests. */
  keepAliveMs: number;
  /** For reading anything at all of an answer. */
  stallMs: number;
  /** How often slow clients are looked for. */
  checkEveryMs: number;
  /** See `drainServer`. */
  drainMs: number;
  graceMs: number;
  cutMs: number;
}

/** A reconcile takes 4 s and a bit when billing is stopped; `runService` cuts the whole process off after 10 s. */
const LIMITS: ServerLimits = {
  headersMs: 10_000,
  requestMs: 30_000,
  keepAliveMs: 65_000,
  stallMs: 30_000,
  checkEveryMs: 1000,
  drainMs: 500,
  graceMs: 6000,
  cutMs: 7000,
};
const MAX_HEADER_BYTES = 16 * 1024;

/** Rejects when the port is taken. A client that is slow at anything, or opens too many connections, harms only itself. */
export async function startServer(options: StartServerOptions): Promise<HttpServer> {
  const {
    listener,
    host,
    port,
    maxConnectionsPerAddress: perAddress = 500,
    isProxy = () => false,
    isUpload = () => false,
    onRefused,
  } = options;
  const limits = { ...LIMITS, ...options.limits };
  const server = createServer({
    headersTimeout: limits.headersMs,
    requestTimeout: 0,
    keepAliveTimeout: limits.keepAliveMs,
    connectionsCheckingInterval: limits.checkEveryMs,
    maxHeaderSize: MAX_HEADER_BYTES,
  });
  const inFlight = new InFlight(server);
  dropSlowBodies(server, { requestMs: limits.requestMs, isUpload });
  answerUnreadable(server, inFlight);
  const refused = limitConnections(server, { perAddress, isExempt: isProxy, onRefused });
  const stopLooking = dropSlowReaders(inFlight, { stallMs: limits.stallMs, everyMs: limits.checkEveryMs });
  server.on('request', (request, response) => {
    if (refused.has(request.socket)) return;
    inFlight.add(response, request.socket);
    listener(request, response);
  });
  await listen(server, host, port);
  const address = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`,
    close: async () => {
      await drainServer(server, { inFlight, ...limits });
      stopLooking();
    },
  };
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => {
      reject(new Error(`${host}:${port} can't be used: ${error.message}`, { cause: error }));
    });
    server.listen(port, host, resolve);
  });
}
