import type pg from 'pg';
import { Prisma } from '../generated/client.js';
import { beginWith } from './begin-with.js';
import type { Sql } from './sql.js';
import { sqlOver } from './sql-over.js';
import type { Run } from './sql-over.js';

/**
 * A transaction on a connection of its own, READ COMMITTED. Rolled back when `work` throws, and after `timeoutMs`, whatever
 * `work` is at; what it sends then is refused.
 */
export async function sqlTransaction<T>(pool: SqlPool, work: (tx: Sql) => Promise<T>): Promise<T> {
  const connection = await pool.connections.connect();
  // A connection that breaks says so in what is sent through it; nobody listening would end the process.
  const ignore = (): void => undefined;
  connection.on('error', ignore);
  const state = { begun: false, over: false };
  let isBroken = false;
  try {
    const result = await within(pool.timeoutMs, work(sqlOver(sender(connection, state), pool.nameOf)));
    state.over = true;
    if (state.begun) await commit(connection);
    return result;
  } catch (error) {
    state.over = true;
    isBroken = state.begun && !(await isRolledBack(connection));
    throw error;
  } finally {
    connection.off('error', ignore);
    connection.release(isBroken);
  }
}

/** The first statement begins the transaction. After the end one would run outside of it, on somebody else's connection. */
function sender(connection: pg.PoolClient, state: { begun: boolean; over: boolean }): Run {
  return (statement) => {
    if (state.over) return Promise.reject(ended('The transaction is over.'));
    if (state.begun) return connection.query(statement);
    state.begun = true;
    return beginWith(connection, statement);
  };
}

async function within<T>(timeoutMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(ended(`The transaction took longer than ${timeoutMs} ms.`));
    }, timeoutMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** After a statement that failed the server answers COMMIT by rolling back, and says so in the name of what it did only. */
async function commit(connection: pg.PoolClient): Promise<void> {
  const { command } = await connection.query('COMMIT');
  if (command !== 'COMMIT') throw ended('A statement of the transaction failed.');
}

/** False when the connection can't be used any more. What is still under way is waited for. */
async function isRolledBack(connection: pg.PoolClient): Promise<boolean> {
  try {
    await connection.query('ROLLBACK');
    return true;
  } catch {
    return false;
  }
}

/** As Prisma says it of its own transactions. */
const ended = (message: string) =>
  new Prisma.PrismaClientKnownRequestError(message, { code: 'P2028', clientVersion: Prisma.prismaVersion.client });

/** Where transactions get their connections. */
export interface SqlPool {
  connections: pg.Pool;
  nameOf: (query: { sql: string }) => string;
  timeoutMs: number;
}
