import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

/**
 * What a network does to a conversation. `before-request`: what the client says goes nowhere. `after-request`: the server hears
 * it, and what it says goes nowhere. `mid-answer`: the first half of the first piece of the answer comes. `after-answer`: the
 * answer comes, and then nothing more. In each the connection stays open and nobody is told.
 */
export type Silence = 'before-request' | 'after-request' | 'mid-answer' | 'after-answer';

/** A TCP proxy on loopback in front of a URL, with silences on demand: real ones, not exceptions of a mock. */
export async function silentProxy(targetUrl: string): Promise<SilentProxy> {
  const target = new URL(targetUrl);
  const sockets = new Set<Socket>();
  let silence: Silence | undefined;
  let heardBytes = 0;

  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    let isCut = false;
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.on('error', () => undefined);
      from.on('close', () => {
        sockets.delete(from);
        // Whoever hangs up is heard, except through a silence.
        if (silence === undefined) to.destroy();
      });
    }
    client.on('data', (bytes) => {
      heardBytes += bytes.length;
      if (silence !== 'before-request') upstream.write(bytes);
    });
    upstream.on('data', (bytes) => {
      if (silence === 'before-request' || silence === 'after-request') return;
      if (silence !== 'mid-answer') client.write(bytes);
      else if (!isCut) client.write(bytes.subarray(0, Math.ceil(bytes.length / 2)));
      isCut = silence === 'mid-answer';
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(targetUrl);
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: url.href,
    silence: (how) => {
      silence = how;
      heardBytes = 0;
    },
    heardBytes: () => heardBytes,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        for (const socket of sockets) socket.destroy();
      }),
  };
}

export interface SilentProxy {
  /** The target's URL with this proxy in front of it. */
  url: string;
  /** From now on; undefined: everything goes through. Connections that exist are under it too. */
  silence: (how: Silence | undefined) => void;
  /** What clients said since `silence` was called last. */
  heardBytes: () => number;
  close: () => Promise<void>;
}
