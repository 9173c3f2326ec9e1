import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

export interface PostgresProxy {
  /** The database's address with this proxy in front of it. */
  url: string;
  /**
   * Asks `act` about each statement of a transaction that the server says was done, before the client hears of it; what it
   * says becomes of that connection.
   */
  watch: (act: (done: Statement) => Fate) => void;
  /** From now on nothing comes through, on old connections or new ones, like a server that was stopped. */
  freeze: () => void;
  /** Connections that met the frozen server end, as when it is started again, and new ones work. */
  thaw: () => void;
  close: () => Promise<void>;
}

export interface Statement {
  /** `INSERT 0 1`, `COMMIT` and the like. */
  tag: string;
  /** Its place in its transaction; `BEGIN` is 0. */
  position: number;
}

/** The client has not heard: either both ends see the connection broken, or nothing comes through any more. */
export type Fate = 'goes on' | 'cut' | 'hangs';

/** Stands between a gateway and PostgreSQL, so that a test can let something happen right after a statement was done. */
export async function postgresProxy(targetUrl: string): Promise<PostgresProxy> {
  const target = new URL(targetUrl);
  const pairs = new Set<{ end: () => void; met: boolean }>();
  let act: (done: Statement) => Fate = () => 'goes on';
  let frozen = false;

  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    const end = (): void => {
      client.destroy();
      upstream.destroy();
      pairs.delete(pair);
    };
    const pair = { end, met: false };
    pairs.add(pair);
    const doneIn = statements();
    const forward = (from: Socket, to: Socket, passes: (bytes: Buffer) => boolean): void => {
      from.setNoDelay(true);
      from.on('error', end).on('close', end);
      from.on('data', (bytes: Buffer) => {
        pair.met ||= frozen;
        if (!pair.met && passes(bytes)) to.write(bytes);
      });
    };
    forward(client, upstream, () => true);
    forward(upstream, client, (bytes) => {
      const fates = doneIn(bytes).map((done) => act(done));
      if (fates.includes('cut')) end();
      pair.met ||= fates.includes('hangs');
      return fates.every((fate) => fate === 'goes on');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(targetUrl);
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: url.href,
    watch: (given) => {
      act = given;
    },
    freeze: () => {
      frozen = true;
    },
    thaw: () => {
      frozen = false;
      for (const pair of pairs) if (pair.met) pair.end();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        for (const { end } of pairs) end();
      }),
  };
}

/** The statements of transactions among them. */
function statements(): (bytes: Buffer) => Statement[] {
  const tagsIn = commandTags();
  let position = -1;
  return (bytes) =>
    tagsIn(bytes).flatMap((tag) => {
      if (tag !== 'BEGIN' && position < 0) return [];
      position += 1;
      const done = { tag, position };
      if (tag === 'COMMIT' || tag === 'ROLLBACK') position = -1;
      return [done];
    });
}

/** Tags of CommandComplete in what a server sends (PostgreSQL's protocol 3), however the bytes are split. */
function commandTags(): (bytes: Buffer) => string[] {
  let rest = Buffer.alloc(0);
  return (bytes) => {
    rest = Buffer.concat([rest, bytes]);
    const tags: string[] = [];
    while (rest.length >= HEADER_BYTES) {
      const length = 1 + rest.readUInt32BE(1);
      if (rest.length < length) break;
      if (rest.toString('latin1', 0, 1) === 'C') tags.push(rest.toString('latin1', HEADER_BYTES, length - 1));
      rest = rest.subarray(length);
    }
    return tags;
  };
}
const HEADER_BYTES = 5;
