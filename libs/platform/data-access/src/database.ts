import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { Prisma, PrismaClient } from './generated/client.js';
import { sqlStateOf } from './sql-state.js';
import type { Sql } from './sql/sql.js';
import { sqlOver } from './sql/sql-over.js';
import { sqlTransaction } from './sql/sql-transaction.js';
import type { SqlPool } from './sql/sql-transaction.js';
import { statementNames } from './sql/statement-names.js';

/** A client or an open transaction: what every store function takes. */
export type Db = PrismaClient | Prisma.TransactionClient;
export type Tx = Prisma.TransactionClient;

export interface Database {
  client: PrismaClient;
  /** Answers when PostgreSQL does: for `/readyz`. */
  ping: () => Promise<void>;
  close: () => Promise<void>;
}

/**
 * One pool per service. Sessions are in UTC; a statement that takes longer than 15 s is given up, because whoever asked
 * has long gone. `Client` is what a connection is made of: tests watch statements with one of their own.
 */
export function openDatabase(connectionString: string, { max = 8, Client }: DatabaseOptions = {}): Database {
  const connections = new pg.Pool({
    connectionString,
    max,
    ...(Client && { Client }),
    connectionTimeoutMillis: 5_000,
    statement_timeout: 15_000,
    // The server's own limit does not reach us when the network is gone.
    query_timeout: 20_000,
    keepAlive: true,
    options: '-c timezone=UTC',
  });
  // An idle connection that breaks is replaced; nobody listening would end the process.
  connections.on('error', () => undefined);
  const nameOf = statementNames();
  const adapter = new PrismaPg(connections, { statementNameGenerator: nameOf });
  // Any other format makes a stack trace for each call, to quote source code in the messages of its errors.
  const prisma = new PrismaClient({ adapter, errorFormat: 'minimal' });
  const client = withSql(
    prisma,
    sqlOver((statement) => connections.query(statement), nameOf),
  );
  pools.set(client, { connections, nameOf, timeoutMs: LIMITS.timeout });
  return {
    client,
    ping: async () => {
      await client.$queryRaw`SELECT 1`;
    },
    close: async () => {
      await prisma.$disconnect();
      if (!connections.ending) await connections.end();
    },
  };
}

/** Where the clients opened here have their connections. */
const pools = new WeakMap<object, SqlPool>();

/** Prisma's client, whose statements in SQL take the short way over the same connections. */
function withSql(prisma: PrismaClient, sql: Sql): PrismaClient {
  return new Proxy(prisma, {
    get: (target, name) => {
      if (name === '$queryRaw' || name === '$executeRaw') return sql[name];
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

export interface DatabaseOptions {
  max?: number;
  Client?: typeof pg.Client;
}

/**
 * One short transaction that takes its lock before it reads. Bells are rung after it, never inside. On a transaction that is
 * open it is a part of that one, behind a savepoint.
 */
export function inTransaction<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  // Prisma writes into what it is given.
  return db.$transaction(work, { ...LIMITS });
}

/** The same for work that is all SQL: around short statements, Prisma's way costs more than they do. */
export function inSqlTransaction<T>(db: Db, work: (tx: Sql) => Promise<T>): Promise<T> {
  const pool = pools.get(db);
  return pool ? sqlTransaction(pool, work) : inTransaction(db, work);
}

/** In milliseconds: for a connection, and for the whole. */
const LIMITS = { maxWait: 5_000, timeout: 15_000 };

/** The unique key that a write ran into, or undefined when `error` is something else. */
export function violatedKey(error: unknown): string | undefined {
  if (!(error instanceof Prisma.PrismaClientKnownRequestError)) return undefined;
  return error.code === 'P2002' || sqlStateOf(error) === '23505' ? JSON.stringify(error.meta ?? {}) : undefined;
}
