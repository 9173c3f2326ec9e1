import { randomBytes } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';

import type { Clock } from '@caravel/domain';
import { type WebSocket, WebSocketServer } from 'ws';

import type { CallLog } from '../calls.js';
import { type FaultBook, withFault } from '../faults.js';
import type { RelayCore } from './relay-core.js';
import { relaySession, type SessionDeps } from './relay-session.js';

const MAX_MESSAGE_BYTES = 512 * 1024;

/**
 * Upgrades WebSocket requests of `server` and serves each from the relay that `coreOf` names; without one, 404.
 * Faults with subject `CONNECT` (after the prefix) apply to the upgrade itself.
 */
export function serveSockets(server: Server, deps: SocketDeps): RelaySockets {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES });
  const cores = new Map<WebSocket, RelayCore>();
  const silent = new Set<Duplex>();

  async function upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): Promise<void> {
    stream.on('error', () => stream.destroy());
    const host = request.headers.host ?? '';
    const target = deps.coreOf(host);
    if (!target) {
      refuse(stream, 404);
      return;
    }
    const subject = `${target.subjectPrefix}CONNECT`;
    deps.calls.add(subject);
    const outcome = await withFault(deps.faults.take(subject), {
      work: () => 101,
      failure: ({ status }) => status ?? 503,
      wait: deps.wait,
    });
    if (outcome === 'silence') silent.add(stream);
    else if (outcome === 'cut') stream.destroy();
    else if (outcome.answer !== 101) refuse(stream, outcome.answer);
    else {
      sockets.handleUpgrade(request, stream, head, (socket) => {
        cores.set(socket, target.core);
        socket.once('close', () => cores.delete(socket));
        serveSocket(socket, { ...deps, ...target, host });
      });
    }
  }

  server.on('upgrade', (request, stream, head) => {
    upgrade(request, stream, head).catch(() => stream.destroy());
  });
  const dropAll = (only?: RelayCore) => {
    for (const [socket, core] of cores) if (!only || core === only) socket.terminate();
  };
  return {
    dropAll,
    close: () => {
      dropAll();
      for (const stream of silent) stream.destroy(); // or the server waits for them
      sockets.close();
    },
  };
}

function serveSocket(socket: WebSocket, deps: Omit<SessionDeps, 'challenge' | 'send'>): void {
  const session = relaySession({
    ...deps,
    challenge: randomBytes(16).toString('hex'),
    send: (message) => {
      if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message));
    },
  });
  socket.on('message', (data: Buffer, isBinary) => {
    session.receive(isBinary ? '' : data.toString('utf8')).catch(() => {
      socket.terminate(); // the stand-in stopped while this message waited
    });
  });
  socket.on('error', () => {
    socket.terminate();
  });
  socket.once('close', () => {
    session.close();
  });
}

function refuse(stream: Duplex, status: number): void {
  stream.end(`HTTP/1.1 ${status} \r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

export interface RelaySockets {
  close: () => void;
  /** Cuts the connections to one relay, or all. */
  dropAll: (core?: RelayCore) => void;
}

export interface RelayTarget {
  core: RelayCore;
  subjectPrefix: string;
}

interface SocketDeps {
  coreOf: (host: string) => RelayTarget | undefined;
  clock: Clock;
  faults: FaultBook;
  calls: CallLog;
  wait: (ms: number) => Promise<void>;
}
