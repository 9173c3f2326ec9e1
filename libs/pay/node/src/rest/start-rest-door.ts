import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { PayError } from '@caravel/pay-protocol';
import { checkListen, listenText } from '../config/listen.js';
import type { Listen, NodeConfig } from '../config/node-config.js';
import { restApp } from './rest-app.js';
import type { RestDeps } from './rest-app.js';

export interface RestDoor {
  /** `http://host:port` with the port really taken. */
  url: string;
  /** Takes no new request and answers those that run: waits end at once, payments are given `graceMs`, and stay recorded. */
  stop: (graceMs: number) => Promise<void>;
}

/** Throws a PayError `invalid_config` when no key can be used there, or the address can't. */
export async function startRestDoor(
  config: Pick<NodeConfig, 'keys' | 'rest' | 'isPublic' | 'tls'>,
  deps: Pick<RestDeps, 'answer' | 'admit' | 'health' | 'metrics' | 'nowMs'>,
): Promise<RestDoor> {
  const { keys, rest, isPublic, tls } = config;
  const listen = checkListen(rest.listen, { where: 'rest.listen', isPublic });
  if (keys.every(({ apiKeyHashes }) => apiKeyHashes.length === 0)) {
    throw new PayError('invalid_config', 'no key can be used for REST', {
      hint: 'Set AFPAY_REST_API_KEY, or api_key_secret in [keys.<name>]: openssl rand -hex 32',
    });
  }
  const { FailedCalls } = await import('@caravel/pay-rpc');
  const running = new Set<AbortController>();
  const failures = new FailedCalls(deps.nowMs);
  const app = restApp({ ...deps, keys, isPublic, corsOrigins: rest.corsOrigins, failures, running });
  const server = tls ? createTlsServer({ ...LIMITS, ...pemOf(tls) }, app) : createServer(LIMITS, app);
  await bind(server, listen);
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls ? 'https' : 'http'}://${listenText({ ...listen, port })}`,
    stop: (graceMs) => stop(server, running, graceMs),
  };
}

const pemOf = ({ certFile, keyFile, clientCaFile }: NonNullable<NodeConfig['tls']>) => ({
  cert: readFileSync(certFile),
  key: readFileSync(keyFile),
  ...(clientCaFile !== undefined && { ca: readFileSync(clientCaFile), requestCert: true, rejectUnauthorized: true }),
});

function bind(server: Server, { host, port }: Listen): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => {
      reject(new PayError('invalid_config', `rest.listen: ${listenText({ host, port })} can't be used`, { cause }));
    });
    server.listen(port, host, resolve);
  });
}

async function stop(server: Server, running: ReadonlySet<AbortController>, graceMs: number): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  for (const request of running) request.abort();
  server.closeIdleConnections();
  const cut = setTimeout(() => {
    server.closeAllConnections();
  }, graceMs);
  await closed;
  clearTimeout(cut);
}

/** A client that is slow at asking harms only itself. */
const LIMITS = { headersTimeout: 10_000, requestTimeout: 30_000, keepAliveTimeout: 65_000, maxHeaderSize: 16 * 1024 };
