import { createLogger } from '@caravel/service';
import { createTestDatabase } from '@caravel/testing';
import type { Role, TestDatabase } from '@caravel/testing';
import { systemClock } from '@caravel/domain';
import type { QueueConnection } from '../queue-connection.js';
import type { QueueDeps } from '../queue-deps.js';

/** A database of its own, captured log lines, and a list of what to close after a test. */
export async function queueSetup({ redisUrl }: Pick<QueueConnection, 'redisUrl'>): Promise<QueueSetup> {
  const database = await createTestDatabase();
  const open: { close: () => Promise<void> }[] = [];
  const lines: LogLine[] = [];
  const log = createLogger({
    service: 'test',
    level: 'debug',
    destination: { write: (line) => void lines.push(JSON.parse(line) as LogLine) },
  });
  return {
    database,
    lines,
    deps: { log, clock: systemClock },
    connection: (role) => ({ databaseUrl: database.url(role), redisUrl }),
    own: (thing) => {
      open.push(thing);
      return thing;
    },
    closeAll: async () => {
      for (const thing of open.splice(0).reverse()) await thing.close();
    },
    drop: () => database.drop(),
  };
}

export interface QueueSetup {
  database: TestDatabase;
  /** What was logged, parsed. */
  lines: LogLine[];
  deps: QueueDeps;
  connection: (role?: Role) => QueueConnection;
  own: <Thing extends { close: () => Promise<void> }>(thing: Thing) => Thing;
  closeAll: () => Promise<void>;
  drop: () => Promise<void>;
}

type LogLine = Record<string, unknown> & { msg: string };
