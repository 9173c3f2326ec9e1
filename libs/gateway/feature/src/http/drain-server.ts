import type { Server, ServerResponse } from 'node:http';
import { Server as NetServer } from 'node:net';
import type { InFlight } from './in-flight.js';

/**
 * Stops a server so that no request is lost: new connections are refused at once, open ones may ask once more within
 * `drainMs` and are told with the answer that the connection ends; closing an idle one earlier could meet a request on its
 * way. What has no answer after `graceMs` gets a 503, what is still there after `cutMs` (a client that reads nothing or
 * never finishes its request) is cut off.
 */
export async function drainServer(server: Server, { inFlight, drainMs, graceMs, cutMs }: Draining): Promise<void> {
  const sayLast = (_request: unknown, response: ServerResponse) => response.setHeader('Connection', 'close');
  server.prependListener('request', sayLast);
  for (const response of inFlight) endAfterThis(response);

  let isDrained = false;
  const endIdle = (): void => {
    isDrained = true;
    server.closeIdleConnections();
    // Browsers connect in advance; Node takes a connection for idle only after its first request.
    for (const socket of inFlight.sockets()) if (socket.bytesRead === 0) socket.destroy();
  };
  // What was being sent when this began said nothing about the end of its connection.
  for (const response of inFlight) response.once('close', () => isDrained && setImmediate(endIdle));
  const timers = [
    setTimeout(endIdle, drainMs),
    setTimeout(() => {
      for (const response of inFlight) giveUp(response);
    }, graceMs),
    setTimeout(() => {
      server.closeAllConnections();
    }, cutMs),
  ];
  // What the system has accepted already is taken in first.
  await new Promise((resolve) => setImmediate(resolve));
  await new Promise((resolve) => {
    // Not the method of the HTTP server: that one ends idle connections at once.
    NetServer.prototype.close.call(server, resolve);
  });
  server.close(); // ends its look-out for slow clients
  for (const timer of timers) clearTimeout(timer);
}

function endAfterThis(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader('Connection', 'close');
  else if (isEventStream(response)) {
    response.on('error', () => undefined); // whoever writes to it learns of its end a moment later
    response.end();
  }
}

const isEventStream = (response: ServerResponse) =>
  String(response.getHeader('content-type')).startsWith('text/event-stream');

function giveUp(response: ServerResponse): void {
  if (response.headersSent) return;
  response.writeHead(503, { 'Content-Type': 'application/json; charset=utf-8', 'Retry-After': '1' });
  response.end(
    JSON.stringify({
      error: 'This server is being restarted. Please try again in a moment.',
      code: 'service-unavailable',
    }),
  );
}

interface Draining {
  inFlight: InFlight;
  drainMs: number;
  graceMs: number;
  cutMs: number;
}
