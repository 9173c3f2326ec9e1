import { randomBytes } from 'node:crypto';
import pg from 'pg';

/** The services' database roles, and the owner who migrates. */
export type Role = 'owner' | 'gateway' | 'billing' | 'provisioner' | 'robot';

export interface TestDatabase {
  /** Connection string of one role, so that a test sees the same grants as the service. */
  url: (role?: Role) => string;
  /** For arranging and asserting, as the owner. */
  query: <Row extends pg.QueryResultRow>(sql: string, params?: readonly unknown[]) => Promise<Row[]>;
  drop: () => Promise<void>;
}

/** A fresh, migrated database of its own for a test file: a copy of the template that the test run made (about 50 ms). */
export async function createTestDatabase(): Promise<TestDatabase> {
  const admin = requireEnv('TEST_DATABASE_URL');
  const name = `test_${randomBytes(6).toString('hex')}`;
  await run(admin, `CREATE DATABASE ${name} TEMPLATE ${requireEnv('TEST_TEMPLATE')}`);
  const url = (role: Role = 'owner'): string => {
    const target = new URL(admin);
    target.pathname = `/${name}`;
    if (role !== 'owner') target.username = `caravel_${role}`;
    return target.href;
  };
  const pool = new pg.Pool({ connectionString: url(), max: 2, options: '-c timezone=UTC' });
  // `end()` resolves before the server has let go of every connection, and the drop below then cuts it off.
  pool.on('error', () => undefined);
  return {
    url,
    query: async <Row extends pg.QueryResultRow>(sql: string, params: readonly unknown[] = []) =>
      (await pool.query<Row>(sql, [...params])).rows,
    drop: async () => {
      await pool.end();
      await run(admin, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    },
  };
}

async function run(connectionString: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

function requireEnv(name: 'TEST_DATABASE_URL' | 'TEST_TEMPLATE'): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run tests through jest with this repository's jest.base.mjs`);
  return value;
}
