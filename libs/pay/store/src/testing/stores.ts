import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestDatabase } from '@caravel/testing';
import { openStore } from '../open-store.js';
import type { StoreLocation } from '../open-store.js';
import type { PayDb } from '../pay-db.js';

export { bundleChild } from './run-child.js';

/** An empty, migrated store of a test; other processes may open the same. */
export interface TestStore {
  location: StoreLocation;
  db: PayDb;
  drop: () => Promise<void>;
}

/** Both back ends, for suites that hold on both. */
export const STORES: readonly { name: string; open: () => Promise<TestStore> }[] = [
  { name: 'SQLite', open: openFolder },
  { name: 'PostgreSQL', open: openServer },
];

async function openFolder(): Promise<TestStore> {
  const dataDir = mkdtempSync(join(tmpdir(), 'pay-store-'));
  const location = { dataDir };
  const db = await openStore(location);
  const drop = async () => {
    await db.close();
    rmSync(dataDir, { recursive: true });
  };
  return { location, db, drop };
}

async function openServer(): Promise<TestStore> {
  const database = await createTestDatabase();
  const location = { postgresUrl: database.url() };
  const db = await openStore(location);
  const drop = async () => {
    await db.close();
    await database.drop();
  };
  return { location, db, drop };
}
