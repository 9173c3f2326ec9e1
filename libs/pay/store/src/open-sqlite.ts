import { chmodSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { PayError } from '@caravel/pay-protocol';
import Database from 'libsql';
import type { PayDb, PayRow, PayTx, PayValue } from './pay-db.js';

/**
 * The embedded store: one SQLite file (mode 0600) that any number of processes use at once. Every commit is on the disk before
 * it is answered (WAL, synchronous=FULL).
 */
export function openSqlite(file: string, { busyMs = 5000 }: { busyMs?: number } = {}): PayDb {
  const db = open(file, busyMs);
  const statements = new Map<string, Database.Statement>();
  const run = (sql: string, params: readonly PayValue[] = []): PayRow[] => {
    const statement = statements.get(sql) ?? db.prepare(sql.replaceAll(/\$(\d+)/g, '?$1'));
    statements.set(sql, statement);
    return (statement.all(...params.map(toSqlite)) as PayRow[]).map(fromSqlite);
  };
  // One connection has one transaction: whoever comes meanwhile waits here.
  let last: Promise<unknown> = Promise.resolve();
  const alone = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = last.then(work);
    last = mine.catch(() => undefined);
    return mine;
  };
  // Waiting for another process inside SQLite would hold up everything else in this one.
  const patiently = async <T>(attempt: () => T): Promise<T> => {
    const until = performance.now() + busyMs;
    for (let waitMs = 1; ; waitMs = Math.min(waitMs * 2, 20)) {
      try {
        return attempt();
      } catch (error) {
        if (!isBusy(error) || performance.now() > until) throw unavailable(error);
        await pause(waitMs);
      }
    }
  };
  const tx: PayTx = {
    query: (sql, params) =>
      new Promise((resolve) => {
        resolve(attempt(() => run(sql, params)));
      }),
  };

  return {
    dialect: 'sqlite',
    query: (sql, params) => alone(() => patiently(() => run(sql, params))),
    transaction: (work) =>
      alone(async () => {
        await patiently(() => db.exec('BEGIN IMMEDIATE'));
        try {
          const result = await work(tx);
          attempt(() => db.exec('COMMIT'));
          return result;
        } catch (error) {
          if (db.inTransaction) db.exec('ROLLBACK');
          throw error;
        }
      }),
    close: () =>
      alone(async () => {
        statements.clear();
        db.close();
        return Promise.resolve();
      }),
  };
}

function open(file: string, busyMs: number): Database.Database {
  return attempt(() => {
    const db = new Database(file);
    // SQLite gives the files beside it (-wal, -shm) the same mode.
    chmodSync(file, 0o600);
    // Several processes that make the file at once wait for each other here, and nowhere else inside SQLite.
    db.exec(`PRAGMA busy_timeout=${busyMs}; PRAGMA journal_mode=WAL`);
    db.exec('PRAGMA synchronous=FULL; PRAGMA busy_timeout=0; PRAGMA foreign_keys=ON');
    return db;
  });
}

function attempt<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw unavailable(error);
  }
}

/** A broken rule of the schema is a mistake of ours and stays what it is; anything else is the store being away. */
function unavailable(error: unknown): unknown {
  const code = codeOf(error);
  if (!code.startsWith('SQLITE_') || /^SQLITE_(CONSTRAINT|ERROR|MISMATCH|RANGE)/.test(code)) return error;
  return new PayError('store_unavailable', 'the store cannot be used now', {
    hint: code.startsWith('SQLITE_FULL') ? 'The disk is full' : undefined,
    cause: error,
  });
}

const isBusy = (error: unknown): boolean => /^SQLITE_(BUSY|LOCKED)/.test(codeOf(error));
const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';

function toSqlite(value: PayValue): unknown {
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Uint8Array) return Buffer.from(value);
  if (typeof value === 'object' && value !== null) throw new TypeError('SQLite has no lists');
  return value;
}

function fromSqlite(row: PayRow): PayRow {
  for (const [name, value] of Object.entries(row)) {
    if (value instanceof ArrayBuffer) row[name] = new Uint8Array(value);
  }
  return row;
}
