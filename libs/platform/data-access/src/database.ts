import { createHash } from 'node:crypto';
import { PrismaPg } from '@prisma/adapter-pg';
import type pg from 'pg';
import { Prisma, PrismaClient } from './generated/client.js';

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
  const adapter = new PrismaPg(
    {
      connectionString,
      max,
      ...(Client && { Client }),
      connectionTimeoutMillis: 5_000,
      statement_timeout: 15_000,
      // The server's own limit does not reach us when the network is gone.
      query_timeout: 20_000,
      keepAlive: true,
      options: '-c timezone=UTC',
    },
    { statementNameGenerator: statementNames() },
  );
  // Any other format makes a stack trace for each call, to quote source code in the messages of its errors.
  const client = new PrismaClient({ adapter, errorFormat: 'minimal' });
  return {
    client,
    ping: async () => {
      await client.$queryRaw`SELECT 1`;
    },
    close: () => client.$disconnect(),
  };
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
  return db.$transaction(work, { maxWait: 5_000, timeout: 15_000 });
}

/** The unique key that a write ran into, or undefined when `error` is something else. */
export function violatedKey(error: unknown): string | undefined {
  if (!(error instanceof Prisma.PrismaClientKnownRequestError) || error.code !== 'P2002') return undefined;
  return JSON.stringify(error.meta ?? {});
}

/**
 * A name for every statement text, so that a connection parses and plans it once. `''` is PostgreSQL's unnamed statement:
 * texts without end (lists of values of any length) would fill the server's memory with plans.
 */
function statementNames(): (query: { sql: string }) => string {
  const names = new Map<string, string>();
  return ({ sql }) => {
    const known = names.get(sql);
    if (known !== undefined) return known;
    if (names.size >= MAX_NAMES) return '';
    const name = createHash('sha256').update(sql).digest('base64url').slice(0, 32);
    names.set(sql, name);
    return name;
  };
}
const MAX_NAMES = 500;
