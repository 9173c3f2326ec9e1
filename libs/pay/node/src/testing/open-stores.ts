import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '@caravel/pay-store';
import type { PayDb } from '@caravel/pay-store';
import { createTestDatabase } from '@caravel/testing';

/** An empty store on each back end, for suites that hold on both. */
export const STORES: readonly { name: string; open: () => Promise<{ db: PayDb; drop: () => Promise<void> }> }[] = [
  {
    name: 'SQLite',
    open: async () => {
      const dataDir = mkdtempSync(join(tmpdir(), 'pay-node-'));
      const db = await openStore({ dataDir });
      return {
        db,
        drop: async () => {
          await db.close();
          rmSync(dataDir, { recursive: true });
        },
      };
    },
  },
  {
    name: 'PostgreSQL',
    open: async () => {
      const database = await createTestDatabase();
      const db = await openStore({ postgresUrl: database.url() });
      return {
        db,
        drop: async () => {
          await db.close();
          await database.drop();
        },
      };
    },
  },
];
