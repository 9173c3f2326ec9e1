import { run } from './server.js';

/** What a close leaves behind, ids and numbers apart: equal for everybody who closes the same tenants. */
export async function booksOf(connectionString: string): Promise<string> {
  const rows = await run(connectionString, (client) => client.query<{ line: string }>(BOOKS));
  return rows.rows
    .map(({ line }) => line)
    .sort()
    .join('\n');
}

/** Rows of the tables that a close adds to. */
export async function rowCount(connectionString: string): Promise<number> {
  const { rows } = await run(connectionString, (client) =>
    client.query<{ rows: number }>(`SELECT ((SELECT count(*) FROM invoice) + (SELECT count(*) FROM invoice_item)
      + (SELECT count(*) FROM ledger_entry))::int AS rows`),
  );
  return rows[0]?.rows ?? 0;
}

const of = (columns: string, table: string) =>
  `SELECT '${table} ' || count(*) || ' ' || md5(string_agg(row::text, E'\\n' ORDER BY row::text)) AS line
   FROM (SELECT ${columns} FROM ${table}) AS row`;

const BOOKS = [
  of(
    `tenant_pubkey, cause, kind, amount_cents, period_start, period_end, issued_at, tries, next_try_at, left(number, 5)`,
    'invoice',
  ),
  of(
    `tenant_pubkey, relay_id, plan_id, kind, amount_cents, description, period_start, period_end, created_at`,
    'invoice_item',
  ),
  of(`tenant_pubkey, split_part(source, ':', 1), account, amount_cents, at`, 'ledger_entry'),
  of(`*`, 'relay_billing'),
  of(`*`, 'tenant_billing'),
  of(`*`, 'tenant_history'),
  of(`*`, 'invoice_counter'),
].join(' UNION ALL ');
