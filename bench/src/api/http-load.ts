import { connect } from 'node:net';
import type { Socket } from 'node:net';

/**
 * Sends every request once, over kept-alive connections, the next one as soon as an answer is complete. Written on bare
 * sockets, so that the two cores measure the server. Throws at the first answer that is not a 200.
 */
export async function load({ port, requests, connections }: Load): Promise<Loaded> {
  let next = 0;
  const tookMs: number[] = [];
  const sockets = await Promise.all(Array.from({ length: connections }, () => opened(port)));
  const startedAtMs = performance.now();
  try {
    await Promise.all(sockets.map((socket) => drive(socket, tookMs, () => requests[next++])));
  } finally {
    for (const socket of sockets) socket.destroy();
  }
  return { wallS: (performance.now() - startedAtMs) / 1000, tookMs };
}

/** The bytes of one GET. */
export function getRequest(path: string, headers: Readonly<Record<string, string>> = {}): Buffer {
  const lines = Object.entries({ Host: '127.0.0.1', ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`);
}

export interface Loaded {
  wallS: number;
  /** Of each request, from its last byte written to the last byte of its answer. */
  tookMs: number[];
}

interface Load {
  port: number;
  requests: readonly Buffer[];
  connections: number;
}

function opened(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    socket.once('error', reject).once('connect', () => {
      resolve(socket);
    });
  });
}

function drive(socket: Socket, tookMs: number[], nextRequest: () => Buffer | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    let received = '';
    let sentAtMs = 0;
    const send = () => {
      const request = nextRequest();
      sentAtMs = performance.now();
      if (request) socket.write(request);
      else resolve();
    };
    socket.on('error', reject).on('data', (data) => {
      received += data.toString('latin1');
      const answer = parsed(received);
      if (!answer) return;
      if (answer.status !== 200) reject(new Error(`answered:\n${received}`));
      received = received.slice(answer.size);
      tookMs.push(performance.now() - sentAtMs);
      send();
    });
    socket.once('close', () => {
      reject(new Error('the server closed a connection'));
    });
    send();
  });
}

/** Undefined while the answer is not complete. */
function parsed(text: string): { status: number; size: number } | undefined {
  const head = text.indexOf('\r\n\r\n');
  if (head < 0) return undefined;
  const length = /\r\ncontent-length: (\d+)/i.exec(text)?.[1];
  if (length === undefined) throw new Error(`an answer without a length:\n${text}`);
  const size = head + 4 + Number(length);
  return text.length < size ? undefined : { status: Number(text.slice(9, 12)), size };
}
