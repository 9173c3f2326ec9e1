// Brings a database to the version of this checkout: migrations, BullMQ's own schema, roles and grants, plans.
//
//   DATABASE_URL=postgresql://owner@host/caravel node tools/migrate.mjs
//
// Safe to run by several at once and again and again. Keeps Prisma's _prisma_migrations table, so that `prisma migrate
// status|deploy|dev` and this runner can be used on one database in any order, without the 150 MB of Prisma's CLI.
import { createHash, randomUUID } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runMigrations } from 'bullmq';
import pg from 'pg';
import { writePlans } from './plans.mjs';

const TABLE = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
  "id" VARCHAR(36) PRIMARY KEY NOT NULL, "checksum" VARCHAR(64) NOT NULL, "finished_at" TIMESTAMPTZ,
  "migration_name" VARCHAR(255) NOT NULL, "logs" TEXT, "rolled_back_at" TIMESTAMPTZ,
  "started_at" TIMESTAMPTZ NOT NULL DEFAULT now(), "applied_steps_count" INTEGER NOT NULL DEFAULT 0)`;
const PRISMA_LOCK = 72707369; // the advisory lock Prisma's engine takes
const ROLES = ['gateway', 'billing', 'provisioner', 'robot'];

/** The folder with migrations/, roles.sql and plans.json. In an image it lies beside the bundle. */
export const platformFolder = () =>
  process.env.PLATFORM_DIR ?? fileURLToPath(new URL('../prisma/platform', import.meta.url));

/**
 * Everything a database needs before a service starts. `roles: 'required'` throws when the user may not create roles;
 * `'optional'` goes on with one user and says so in the answer.
 */
export async function migrate(
  connectionString,
  { roles = 'required', plansFile, passwords = {}, folder = platformFolder() } = {},
) {
  await createDatabase(connectionString);
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [PRISMA_LOCK]);
    const applied = await applyMigrations(client, join(folder, 'migrations'));
    await runMigrations(client);
    const hasRoles = await applyRoles(client, join(folder, 'roles.sql'), roles, passwords);
    const plans = await writePlans(client, resolve(plansFile ?? join(folder, 'plans.json')));
    return { applied, hasRoles, plans };
  } finally {
    await client.end();
  }
}

async function createDatabase(connectionString) {
  const target = new URL(connectionString);
  const name = decodeURIComponent(target.pathname.slice(1));
  const admin = new URL(target);
  for (const database of [name, 'postgres']) {
    admin.pathname = `/${database}`;
    const client = new pg.Client({ connectionString: admin.href, connectionTimeoutMillis: 10_000 });
    try {
      await client.connect();
      if (database === name) return;
      await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
    } catch (error) {
      const missing = error.code === '3D000' && database === name;
      const madeByAnother = ['42P04', '23505'].includes(error.code);
      if (!missing && !madeByAnother) throw error;
    } finally {
      await client.end().catch(() => {});
    }
  }
}

async function applyMigrations(client, folder) {
  await client.query(TABLE);
  const { rows } = await client.query(
    'SELECT migration_name AS name, checksum, finished_at, rolled_back_at FROM "_prisma_migrations" ORDER BY started_at',
  );
  const failed = rows.find((row) => !row.finished_at && !row.rolled_back_at);
  if (failed) {
    throw new Error(`migration ${failed.name} failed earlier: repair it, then \`prisma migrate resolve\` (P3009)`);
  }
  const done = new Map(rows.filter((row) => !row.rolled_back_at).map((row) => [row.name, row.checksum]));
  const names = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const applied = [];
  for (const { name } of names.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const sql = await readFile(join(folder, name, 'migration.sql'), 'utf8');
    const checksum = createHash('sha256').update(sql).digest('hex');
    if (!done.has(name)) {
      await applyOne(client, { name, sql, checksum });
      applied.push(name);
    } else if (done.get(name) !== checksum) {
      throw new Error(
        `migration ${name} was edited after it was applied to this database: add a new migration instead`,
      );
    }
  }
  return applied;
}

/** Whole or not at all: killed in the middle, the next run starts it afresh. */
async function applyOne(client, { name, sql, checksum }) {
  await client.query('BEGIN');
  try {
    await client.query(sql);
    await client.query(
      `INSERT INTO "_prisma_migrations" (id, checksum, migration_name, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, now(), 1)`,
      [randomUUID(), checksum, name],
    );
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw new Error(`migration ${name}: ${error.message}`, { cause: error });
  }
}

async function applyRoles(client, file, mode, passwords) {
  const sql = `${await readFile(file, 'utf8')}\n${queueGrants()}`;
  const { rows } = await client.query(
    'SELECT rolcreaterole OR rolsuper AS may FROM pg_roles WHERE rolname = current_user',
  );
  if (!rows[0].may) {
    if (mode === 'optional') return false;
    throw new Error(`this user may not create roles. Let a user with CREATEROLE run:\n\n${sql}`);
  }
  // Roles belong to the whole cluster: migrations of two databases must not meet here.
  await client.query('BEGIN');
  await client.query("SELECT pg_advisory_xact_lock(hashtext('caravel roles'))");
  await client.query(sql);
  for (const [name, password] of Object.entries(passwords)) {
    await client.query(`ALTER ROLE caravel_${name} PASSWORD ${client.escapeLiteral(password)}`);
  }
  await client.query('COMMIT');
  return true;
}

/** BullMQ's PostgreSQL back end keeps its tables in schema `bullmq`; services use them and never migrate them. */
function queueGrants() {
  const to = ROLES.map((name) => `caravel_${name}`).join(', ');
  return `GRANT USAGE ON SCHEMA bullmq TO ${to};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA bullmq TO ${to};
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA bullmq TO ${to};
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA bullmq TO ${to};
ALTER DEFAULT PRIVILEGES IN SCHEMA bullmq GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO ${to};
ALTER DEFAULT PRIVILEGES IN SCHEMA bullmq GRANT USAGE, SELECT ON SEQUENCES TO ${to};`;
}

/** `GATEWAY_DB_PASSWORD`, `BILLING_DB_PASSWORD`, … for those that are set. */
export const passwordsFrom = (env) =>
  Object.fromEntries(
    ROLES.flatMap((name) => {
      const password = env[`${name.toUpperCase()}_DB_PASSWORD`];
      return password ? [[name, password]] : [];
    }),
  );

if (process.argv[1]?.endsWith('migrate.mjs')) {
  const { DATABASE_URL, PLANS_FILE } = process.env;
  try {
    if (!DATABASE_URL) throw new Error('DATABASE_URL is missing: postgresql://owner@host:5432/caravel');
    const { applied, plans } = await migrate(DATABASE_URL, {
      plansFile: PLANS_FILE,
      passwords: passwordsFrom(process.env),
    });
    console.log(`migrated: ${applied.length ? applied.join(', ') : 'nothing to apply'}; ${plans} plans`);
  } catch (error) {
    console.error(`migrate: ${error.message}`);
    process.exitCode = 1;
  }
}
