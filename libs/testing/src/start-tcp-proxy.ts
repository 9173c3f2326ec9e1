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
  /** Takes back a cut that has not happened. */
  pass: () => void;
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
  const plan = new Plan();
  const server = createServer((client) => {
    const [host, port] = (typeof target === 'string' ? target : target()).split(':');
    const upstream = connect(Number(port), host);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
    }
    passBetween(client, upstream, plan);
  });

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `127.0.0.1:${port}`,
    cutNext: (cut, skip = 0) => {
      Object.assign(plan, { cut, skip, cuts: 0 });
    },
    pass: () => {
      plan.cut = undefined;
    },
    hasCut: () => plan.cuts > 0,
    stop: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

function passBetween(client: Socket, upstream: Socket, plan: Plan): void {
  let cut: TcpCut | undefined;
  const end = () => {
    client.destroy();
    upstream.destroy();
  };
  for (const socket of [client, upstream]) socket.on('error', end).on('close', end);
  client.on('data', (bytes) => {
    if (bytes.length >= MESSAGE_BYTES) cut = plan.take() ?? cut;
    if (cut !== 'before the request') {
      upstream.write(bytes);
      return;
    }
    plan.cuts += 1;
    end();
  });
  upstream.on('data', (bytes) => {
    const isAnswer = cut !== undefined && bytes.length >= MESSAGE_BYTES;
    if (isAnswer) plan.cuts += 1;
    if (isAnswer && cut === 'after the request') end();
    else if (isAnswer && cut === 'after the answer') client.write(bytes, end);
    else if (cut === undefined || cut === 'after the answer') client.write(bytes);
  });
}

/** What is still to be cut. */
class Plan {
  cut: TcpCut | undefined;
  skip = 0;
  cuts = 0;

  /** Of the request that passes now. */
  take(): TcpCut | undefined {
    const { cut } = this;
    if (cut === undefined) return undefined;
    if (this.skip > 0) {
      this.skip -= 1;
      return undefined;
    }
    this.cut = undefined;
    return cut;
  }
}

const MESSAGE_BYTES = 100;
