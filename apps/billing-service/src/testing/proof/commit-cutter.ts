import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';

const HEADER_BYTES = 5;

/**
 * Stands between a service and PostgreSQL and cuts some connections at their COMMIT: half of them before it was passed on,
 * half after the server did it and before the service hears of it. `chance` is asked for each COMMIT, and may change.
 */
export async function commitCutter({ databaseUrl, random }: CutterOptions) {
  const target = new URL(databaseUrl);
  const state = { chance: 0, cuts: 0, commits: 0 };
  const open = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    const cut = (): void => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.setNoDelay(true);
      socket.on('error', cut).on('close', () => {
        open.delete(socket);
        cut();
      });
    }
    let answerIsLost = false;
    upstream.on('data', (data) => {
      if (answerIsLost) cut();
      else client.write(data);
    });
    const sees = statements();
    client.on('data', (data: Buffer) => {
      const commits = sees(data).includes('COMMIT');
      if (commits) state.commits += 1;
      if (commits && random() < state.chance) {
        state.cuts += 1;
        if (random() < 0.5) {
          cut();
          return;
        }
        answerIsLost = true;
      }
      upstream.write(data);
    });
  });
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : 0);
    });
  });
  const url = new URL(target);
  url.host = `127.0.0.1:${port}`;
  return {
    url: url.href,
    state,
    close: async (): Promise<void> => {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/**
 * Reads a client's side of PostgreSQL's protocol (version 3), wherever the bytes are split: the text of each statement that is
 * run, whether as a simple query or as one that was prepared before, under whatever name.
 */
function statements(): (data: Buffer) => string[] {
  let rest = Buffer.alloc(0);
  let started = false;
  const prepared = new Map<string, string>();
  const run = (type: string, body: Buffer): string[] => {
    const [first = '', second = ''] = body.toString('latin1').split('\0', 2);
    if (type === 'Q') return [first];
    if (type === 'P') prepared.set(first, second);
    return type === 'B' ? [prepared.get(second) ?? ''] : [];
  };
  return (data) => {
    rest = Buffer.concat([rest, data]);
    const found: string[] = [];
    for (;;) {
      // The first message of a connection has no type before its length.
      const header = started ? HEADER_BYTES : HEADER_BYTES - 1;
      if (rest.length < header) return found;
      const length = rest.readUInt32BE(header - 4) + header - 4;
      if (rest.length < length) return found;
      if (started) found.push(...run(rest.toString('latin1', 0, 1), rest.subarray(header, length)));
      started = true;
      rest = rest.subarray(length);
    }
  };
}

interface CutterOptions {
  databaseUrl: string;
  /** At least 0 and less than 1. */
  random: () => number;
}
