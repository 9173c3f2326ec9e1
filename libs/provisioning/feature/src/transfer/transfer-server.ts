import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AppError } from '@caravel/domain';
import type { Id } from '@caravel/domain';
import type { Logger, Metrics } from '@caravel/service';
import { serveExport, serveImport } from './serve-transfer.js';
import type { RelayTransfers } from './relay-transfers.js';

/**
 * The streams between gateway and provisioner: `POST /export` and `POST /import`, each with a one-time ticket as its bearer
 * token. An import asks with `Expect: 100-continue`, so that a refusal comes before its body. For no other network than
 * the services' own.
 */
export async function startTransferServer(options: TransferServerOptions): Promise<TransferServer> {
  const { host, port } = options;
  const stopping = new AbortController();
  const running = new Set<string>();
  const handle = (request: IncomingMessage, response: ServerResponse) => {
    answer({ request, response }, { ...options, running, stopping: stopping.signal }).catch((error: unknown) => {
      options.log.error({ err: error }, 'a transfer could not be answered');
      response.destroy();
    });
  };
  // An import takes as long as it takes; who is silent is looked after where it is read.
  const server = createServer({ requestTimeout: 0 }, handle);
  server.on('checkContinue', handle);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => {
      reject(new Error(`the transfer port ${host}:${port} can't be used: ${error.message}`, { cause: error }));
    });
    server.listen(port, host, resolve);
  });
  const { port: actualPort } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${actualPort}`,
    close: async () => {
      stopping.abort(
        new AppError('service-unavailable', 'This server is being restarted. Please try again in a moment.'),
      );
      await new Promise((resolve) => {
        server.close(resolve);
        setTimeout(() => {
          server.closeAllConnections();
        }, LAST_WORDS_MS);
      });
    },
  };
}

async function answer({ request, response }: Exchange, options: AnswerOptions): Promise<void> {
  const { tickets, running, log, metrics } = options;
  const direction = DIRECTIONS[`${request.method ?? ''} ${request.url ?? ''}`];
  let name: string | undefined;
  try {
    if (!direction) throw new AppError('not-found', 'There is no such transfer.');
    const ticket = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const relayId = await tickets.take(ticket, direction);
    if (relayId === null) throw new AppError('unauthorized', 'The ticket is not valid.');
    name = start(running, `${direction} ${relayId}`);
    const serve = direction === 'export' ? serveExport : serveImport;
    await serve({ request, response, relayId }, options);
    metrics?.count('relay_transfers_total', { direction, outcome: 'done' });
  } catch (error) {
    metrics?.count('relay_transfers_total', { direction: direction ?? 'unknown', outcome: 'failed' });
    log[error instanceof AppError ? 'info' : 'error']({ err: error, direction }, 'transfer failed');
    sendFailure(response, error);
  } finally {
    if (name !== undefined) running.delete(name);
  }
}

/** Each relay once in each direction, and not too many at all: they share the zooids with everybody else. */
function start(running: Set<string>, name: string): string {
  if (running.has(name)) {
    throw new AppError('service-unavailable', `An ${name.split(' ')[0] ?? ''} of this relay is under way already.`);
  }
  if (running.size >= MAX_TRANSFERS) {
    throw new AppError(
      'service-unavailable',
      'Too many relays are being read or filled right now. Please try again later.',
    );
  }
  running.add(name);
  return name;
}

function sendFailure(response: ServerResponse, error: unknown): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const failure =
    error instanceof AppError ? error : new AppError('internal', 'Something went wrong on our side. Please try again.');
  response.writeHead(failure.status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ error: failure.message, code: failure.code }));
}

const DIRECTIONS: Readonly<Record<string, 'export' | 'import'>> = {
  'POST /export': 'export',
  'POST /import': 'import',
};
const MAX_TRANSFERS = 16;
const LAST_WORDS_MS = 500;

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
}

export interface TransferServer {
  url: string;
  /** Breaks off what is under way. */
  close: () => Promise<void>;
}

export interface TransferServerOptions {
  host: string;
  /** 0 picks a free one. */
  port: number;
  tickets: { take: (ticket: string, direction: 'export' | 'import') => Promise<Id | null> };
  transfers: RelayTransfers;
  log: Logger;
  metrics?: Pick<Metrics, 'count'> | undefined;
}

interface AnswerOptions extends TransferServerOptions {
  running: Set<string>;
  stopping: AbortSignal;
}
