import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { migrate } from './migrate.js';
import { migrationFiles } from './migration-files.js';
import { openPostgres } from './open-postgres.js';
import { openSqlite } from './open-sqlite.js';
import type { PayDb } from './pay-db.js';

/** Where a node keeps what it knows: a folder of its own (mode 0700), or a PostgreSQL server. */
export type StoreLocation = { dataDir: string } | { postgresUrl: string };

/** Opens the store and brings its tables up to date. Throws a PayError when it can't be had; nothing is kept elsewhere then. */
export async function openStore(location: StoreLocation): Promise<PayDb> {
  const db = 'dataDir' in location ? openFolder(location.dataDir) : openPostgres(location.postgresUrl);
  try {
    await migrate(db, await migrationFiles());
    return db;
  } catch (error) {
    await db.close();
    throw error;
  }
}

function openFolder(dataDir: string): PayDb {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  return openSqlite(join(dataDir, 'afpay.db'));
}
