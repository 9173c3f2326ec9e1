import { createServer, request as httpRequest } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';

/**
 * In front of a zooid: its HTTP as it is, and instead of its relays one that has as many events as one likes, made when they
 * are asked for. It answers 500 at once, believes whoever signs in, and has an event a second.
 */
export async function startLargeRelay(
  zooidUrl: string,
  size: { events: number; eventBytes: number },
): Promise<LargeRelay> {
  const server = createServer((request, response) => {
    passOn(zooidUrl, request, response);
  });
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket) => {
    const say = (message: unknown[]) => {
      socket.send(JSON.stringify(message));
    };
    say(['AUTH', 'challenge']);
    socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString()) as ClientMessage;
      if (message[0] === 'AUTH') say(['OK', message[1].id, true, '']);
      if (message[0] === 'REQ') answer(socket, { ...size, requestId: message[1], until: message[2].until });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      for (const socket of sockets.clients) socket.terminate();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Event n is of second FIRST_S + n. */
function answer(socket: WebSocket, { requestId, until, events, eventBytes }: Page): void {
  const newest = Math.min(until - FIRST_S, events - 1);
  const content = 'x'.repeat(eventBytes - EVENT_FRAME_BYTES);
  for (let n = newest; n >= 0 && n > newest - PAGE_EVENTS; n -= 1) {
    const id = n.toString(16).padStart(64, '0');
    const event = { id, pubkey: id, created_at: FIRST_S + n, kind: 1, tags: [], content, sig: id + id };
    socket.send(JSON.stringify(['EVENT', requestId, event]));
  }
  socket.send(JSON.stringify(['EOSE', requestId]));
}

function passOn(zooidUrl: string, request: IncomingMessage, response: ServerResponse): void {
  const { method, headers, url = '/' } = request;
  const onward = httpRequest(zooidUrl + url, { method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  onward.on('error', () => response.destroy());
  request.pipe(onward);
}

const FIRST_S = 1_500_000_000;
const PAGE_EVENTS = 500;
/** Everything of an event's JSON but its content. */
export const EVENT_FRAME_BYTES = 380;

export interface LargeRelay {
  url: string;
  close: () => Promise<void>;
}

type ClientMessage = ['AUTH', { id: string }] | ['REQ', string, { until: number }] | ['CLOSE', string];

interface Page {
  requestId: string;
  until: number;
  events: number;
  eventBytes: number;
}
