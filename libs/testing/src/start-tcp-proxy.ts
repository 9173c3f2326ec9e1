import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

/**
 * Where a connection is cut: before the request leaves, after it arrived so that the answer is lost, or after the answer.
 * `silence` swallows the answer and keeps the connection.
 */
export type TcpCut = 'before the request' | 'after the request' | 'after the answer' | 'silence';

export interface TcpProxy {
  /** Where it listens, `host:port`. */
  address: string;
  /** What happens, once, to the request that comes after `skip` others. Later connections pass again. */
  cutNext: (cut: TcpCut, skip?: number) => void;
  /** Whether the last cut has happened. */
  hasCut: () => boolean;
  stop: () => void;
}

/**
 * Stands between a client and `target` (`host:port`, which may not be there yet) and fails like a network does. It doesn't read
 * what passes: a chunk of at least 100 bytes is a request or an answer, smaller ones keep the connection alive.
 */
export async function startTcpProxy(target: string | (() => string)): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let planned: TcpCut | undefined;
  let left = 0;
  let cuts = 0;

  const server = createServer((client) => {
    const [host, port] = (typeof target === 'string' ? target : target()).split(':');
    const upstream = connect(Number(port), host);
    let cut: TcpCut | undefined;
    const end = () => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', end).on('close', end);
      socket.on('close', () => sockets.delete(socket));
    }
    client.on('data', (bytes) => {
      const isRequest = planned !== undefined && bytes.length >= MESSAGE_BYTES;
      if (isRequest && left > 0) left -= 1;
      else if (isRequest) {
        cut = planned;
        planned = undefined;
        if (cut === 'before the request') {
          cuts += 1;
          end();
          return;
        }
      }
      upstream.write(bytes);
    });
    upstream.on('data', (bytes) => {
      if (cut === undefined || bytes.length < MESSAGE_BYTES) {
        if (cut === undefined || cut === 'after the answer') client.write(bytes);
        return;
      }
      cuts += 1;
      if (cut === 'after the request') end();
      if (cut === 'after the answer') client.write(bytes, end);
    });
  });

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `127.0.0.1:${port}`,
    cutNext: (cut, skip = 0) => {
      planned = cut;
      left = skip;
      cuts = 0;
    },
    hasCut: () => cuts > 0,
    stop: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

const MESSAGE_BYTES = 100;
