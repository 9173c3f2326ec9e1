import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate } from '@caravel/tools/migrate';
import { startPostgres } from '@caravel/tools/stack';
import pg from 'pg';
import { seedTenants } from './seed.js';
import type { Seed } from './seed.js';

/** What an operator of this size sets; every commit reaches the disk. */
const SETTINGS = { shared_buffers: '2GB', max_wal_size: '8GB', checkpoint_timeout: '15min' };

export type Server = Awaited<ReturnType<typeof startServer>>;

/** A PostgreSQL of its own that makes seeded databases, seen as billing sees them. */
export async function startServer() {
  const dir = mkdtempSync(join(tmpdir(), 'caravel-bench-'));
  const first = await startPostgres({ dir });
  await run(first.url('postgres'), async (client) => {
    for (const [name, value] of Object.entries(SETTINGS)) await client.query(`ALTER SYSTEM SET ${name} = '${value}'`);
  });
  await first.stop();
  const postgres = await startPostgres({ dir });
  await migrate(postgres.url('empty'));

  return {
    /** A fresh database with due tenants; the connection string of billing's role. */
    seeded: async (name: string, seed: Seed): Promise<string> => {
      await run(postgres.url('postgres'), (client) => client.query(`CREATE DATABASE ${name} TEMPLATE empty`));
      await run(postgres.url(name), (client) => seedTenants(client, seed));
      return postgres.url(name).replace('//app@', '//caravel_billing@');
    },
    drop: (name: string) =>
      run(postgres.url('postgres'), (client) => client.query(`DROP DATABASE ${name} WITH (FORCE)`)),
    stop: async () => {
      await postgres.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** One connection for one piece of work. */
export async function run<T>(connectionString: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString, options: '-c timezone=UTC' });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
