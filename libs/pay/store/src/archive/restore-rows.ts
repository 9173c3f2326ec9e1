import { PayError } from '@caravel/pay-protocol';
import type { PayTx } from '../pay-db.js';
import type { Sealer } from '../sealer.js';
import { ARCHIVE_TABLES, lineToRow } from './archive-tables.js';
import type { ArchiveTable } from './archive-tables.js';

/** Empties the tables before everything comes from an archive; of one network only its wallets and their history. */
export async function clearTables(tx: PayTx, network: string | undefined): Promise<void> {
  if (network !== undefined) {
    await tx.query('DELETE FROM pay_transactions WHERE network = $1', [network]);
    await tx.query('DELETE FROM pay_wallets WHERE network = $1', [network]);
    return;
  }
  for (const { name } of ARCHIVE_TABLES.toReversed()) await tx.query(`DELETE FROM ${name}`);
}

/** Whether payments were made here: then the books of an archive are of other payments, and stay in it. */
export async function hasBooks(tx: PayTx): Promise<boolean> {
  const rows = await tx.query(
    'SELECT bucket AS name FROM spend_buckets UNION ALL SELECT op_id FROM spend_reservations UNION ALL SELECT request_id FROM pay_requests LIMIT 1',
  );
  return rows.length > 0;
}

/** The rows of one entry; one that is here already stays as it is. Resolves with how many came. */
export async function restoreRows(tx: PayTx, table: ArchiveTable, { text, sealer, network }: RowsAsk): Promise<number> {
  let count = 0;
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const row = lineToRow(line, table, sealer);
    if (network !== undefined && row.network !== network) {
      throw new PayError('invalid_request', `the archive of ${network} has a row of another network`);
    }
    const columns = Object.keys(row);
    const places = columns.map((_, index) => `$${index + 1}`);
    const sql = `INSERT INTO ${table.name} (${columns.join(', ')}) VALUES (${places.join(', ')}) ON CONFLICT DO NOTHING`;
    const added = await tx.query(`${sql} RETURNING 1 AS one`, Object.values(row));
    count += added.length;
  }
  return count;
}

/** `tables/<name>/<page>.jsonl` of a table that is known. */
export function tableOf(path: string): ArchiveTable | undefined {
  const [, name] = /^tables\/([a-z0-9_]+)\/\d+\.jsonl$/.exec(path) ?? [];
  return ARCHIVE_TABLES.find((table) => table.name === name);
}

interface RowsAsk {
  text: string;
  sealer: Sealer;
  network: string | undefined;
}
