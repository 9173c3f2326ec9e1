import { createHash } from 'node:crypto';
import { PayError } from '@caravel/pay-protocol';
import type { PayDb, PayTx } from './pay-db.js';

/**
 * Brings the tables to what this version knows: each file once, in order, all in one transaction under a lock, so that any
 * number of processes may start at once. Throws a PayError `invalid_config` when the store was made by a newer version, or by
 * another text of the same version.
 */
export async function migrate(db: PayDb, files: Readonly<Record<string, string>>): Promise<void> {
  const wanted = Object.entries(files).filter(([name]) => !name.endsWith('.postgres.sql') || db.dialect === 'postgres');
  if (await isUpToDate(db, wanted)) return;
  await db.transaction(async (tx) => {
    if (db.dialect === 'postgres') await tx.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
    await tx.query('CREATE TABLE IF NOT EXISTS pay_migrations (name text PRIMARY KEY, checksum text NOT NULL)');
    const done = await applied(tx);
    check(done, wanted);
    for (const [name, text] of wanted) {
      if (done.has(name)) continue;
      for (const statement of statementsOf(text, db.dialect)) await tx.query(statement);
      await tx.query('INSERT INTO pay_migrations (name, checksum) VALUES ($1, $2)', [name, checksumOf(text)]);
    }
  });
}

/** Read without a lock: the usual start has nothing to do. */
async function isUpToDate(db: PayDb, wanted: readonly Migration[]): Promise<boolean> {
  const exists =
    db.dialect === 'sqlite'
      ? "SELECT 1 FROM sqlite_master WHERE name = 'pay_migrations'"
      : "SELECT 1 WHERE to_regclass('pay_migrations') IS NOT NULL";
  if ((await db.query(exists)).length === 0) return false;
  const done = await applied(db);
  check(done, wanted);
  return wanted.every(([name]) => done.has(name));
}

async function applied(tx: PayTx): Promise<Map<string, string>> {
  const rows = await tx.query('SELECT name, checksum FROM pay_migrations');
  return new Map(rows.map(({ name, checksum }) => [String(name), String(checksum)]));
}

function check(done: ReadonlyMap<string, string>, wanted: readonly Migration[]): void {
  const known = new Map(wanted);
  for (const [name, checksum] of done) {
    const text = known.get(name);
    if (text !== undefined && checksumOf(text) === checksum) continue;
    const what = text === undefined ? 'a newer version' : 'another version';
    throw new PayError('invalid_config', `the store was made by ${what} of this program (${name})`, {
      hint: 'Use that version, or restore a backup into an empty store',
    });
  }
}

/** A statement ends with a semicolon at the end of a line; functions are quoted by `$$`. */
function statementsOf(text: string, dialect: PayDb['dialect']): string[] {
  const types = TYPES[dialect];
  const sql = text.replaceAll(/\{\{(amount|bytes)\}\}/g, (_whole, name: 'amount' | 'bytes') => types[name]);
  return sql.match(/(?:[^$;]|\$(?!\$)|;(?!\s*(?:\n|$))|\$\$[\s\S]*?\$\$)+;/g) ?? [];
}

const checksumOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** An amount has up to 78 digits. In SQLite it is text, and all arithmetic is ours. */
const TYPES = {
  sqlite: { amount: 'TEXT', bytes: 'BLOB' },
  postgres: { amount: 'NUMERIC(78,0)', bytes: 'BYTEA' },
} as const;
const MIGRATION_LOCK = 0x6166706179_01;

type Migration = [name: string, text: string];
