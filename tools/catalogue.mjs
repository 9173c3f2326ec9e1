// The database's own picture of what guards it: indexes, constraints, functions, triggers and grants. Prisma's drift check
// sees none of these. `npm run catalogue` writes prisma/platform/catalogue.sql from a freshly migrated PostgreSQL 18; a test
// compares the two.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { migrate } from './migrate.mjs';
import { startPostgres } from './stack.mjs';

const QUERIES = {
  indexes: `SELECT indexdef AS line FROM pg_indexes WHERE schemaname = 'public' AND tablename !~ '^_prisma'`,
  // NOT NULL constraints (n) are listed by PostgreSQL 18 only; the schema shows them anyway.
  constraints: `SELECT format('%s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) AS line FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace AND contype <> 'n' AND conrelid::regclass::text !~ '_prisma'`,
  tables: `SELECT format('%s %s', relname, CASE relpersistence WHEN 'u' THEN 'unlogged' ELSE 'logged' END) AS line
    FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname !~ '^_prisma'`,
  functions: `SELECT pg_get_functiondef(oid) AS line FROM pg_proc WHERE pronamespace = 'public'::regnamespace`,
  triggers: `SELECT pg_get_triggerdef(oid) AS line FROM pg_trigger WHERE NOT tgisinternal`,
  'table grants': `SELECT format('%s: %s on %s', grantee, string_agg(privilege_type, ', ' ORDER BY privilege_type), table_name) AS line
    FROM information_schema.role_table_grants WHERE table_schema = 'public' AND grantee LIKE 'caravel\\_%' GROUP BY grantee, table_name`,
  'column grants': `SELECT format('%s: %s on %s (%s)', grantee, privilege_type, table_name, string_agg(column_name, ', ' ORDER BY column_name)) AS line
    FROM information_schema.column_privileges c WHERE table_schema = 'public' AND grantee LIKE 'caravel\\_%'
      AND NOT EXISTS (SELECT FROM information_schema.role_table_grants t WHERE (t.grantee, t.table_name, t.privilege_type)
        = (c.grantee, c.table_name, c.privilege_type))
    GROUP BY grantee, privilege_type, table_name`,
};

/** The catalogue of a migrated database as text, sorted, so that two of them compare line by line. */
export async function catalogue(connectionString) {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    const parts = [];
    for (const [name, sql] of Object.entries(QUERIES)) {
      const { rows } = await client.query(sql);
      parts.push(`-- ${name}`, ...rows.map(({ line }) => line.trim()).sort(), '');
    }
    return parts.join('\n');
  } finally {
    await client.end();
  }
}

if (process.argv[1]?.endsWith('catalogue.mjs')) {
  const postgres = await startPostgres({ durable: false });
  try {
    await migrate(postgres.url('caravel'));
    const file = fileURLToPath(new URL('../prisma/platform/catalogue.sql', import.meta.url));
    writeFileSync(file, await catalogue(postgres.url('caravel')));
    console.log(`wrote ${file}`);
  } finally {
    await postgres.stop();
  }
}
