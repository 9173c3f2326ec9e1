import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '@caravel/pay-store';
import type { PayDb, StoreLocation } from '@caravel/pay-store';
import { startPostgres } from '@caravel/tools/stack';
import { run } from '../billing/server.js';

/** A place for stores of one kind; every commit reaches the disk before it is answered. */
export interface Stores {
  name: 'sqlite' | 'postgres';
  /** An empty one. */
  open: (name: string) => Promise<PayDb>;
  close: () => Promise<void>;
}

export async function sqliteStores(): Promise<Stores> {
  const dir = mkdtempSync(join(tmpdir(), 'pay-bench-'));
  const { open, close } = remembered();
  return Promise.resolve({
    name: 'sqlite',
    open: (name) => open({ dataDir: join(dir, name) }),
    close: async () => {
      await close();
      rmSync(dir, { recursive: true });
    },
  });
}

export async function postgresStores(): Promise<Stores> {
  const dir = mkdtempSync(join(tmpdir(), 'pay-bench-'));
  const server = await startPostgres({ dir, durable: true });
  const { open, close } = remembered();
  return {
    name: 'postgres',
    open: async (name) => {
      await run(server.url('postgres'), (client) => client.query(`CREATE DATABASE ${name}`));
      return open({ postgresUrl: server.url(name) });
    },
    close: async () => {
      await close();
      await server.stop();
      rmSync(dir, { recursive: true });
    },
  };
}

/** Opens stores, and closes all of them. */
function remembered() {
  const opened: PayDb[] = [];
  return {
    open: async (location: StoreLocation): Promise<PayDb> => {
      const db = await openStore(location);
      opened.push(db);
      return db;
    },
    close: async (): Promise<void> => {
      for (const db of opened) await db.close();
    },
  };
}
