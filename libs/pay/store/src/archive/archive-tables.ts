import { parseJson, PayError, stringifyJson } from '@caravel/pay-protocol';
import { z } from 'zod';
import type { PayRow, PayValue } from '../pay-db.js';
import type { Sealer } from '../sealer.js';

/** A table as an archive knows it. Its rows are restored only where they mean the same again. */
export interface ArchiveTable {
  name: string;
  /** In whose order it is read. */
  key: readonly string[];
  /** Columns that this machine's key seals; an archive has them under its passphrase instead. */
  sealed?: readonly string[];
  /** As `SealedPlace` has it. */
  primaryKey?: (row: PayRow) => string;
  /** `state`: merged row by row. `books`: whole, into a store that has no payments of its own, because sums hang on it. */
  part: 'state' | 'books';
}

const said = (row: PayRow, ...columns: string[]): string[] => columns.map((column) => String(row[column]));

/** In the order in which they are restored. */
export const ARCHIVE_TABLES: readonly ArchiveTable[] = [
  { name: 'node_identity', key: ['name'], part: 'state' },
  {
    name: 'pay_wallets',
    key: ['wallet_id'],
    sealed: ['settings', 'secrets'],
    primaryKey: (row) => String(row.wallet_id),
    part: 'state',
  },
  {
    name: 'pay_transactions',
    key: ['wallet_id', 'transaction_id', 'direction'],
    sealed: ['preimage'],
    primaryKey: (row) => said(row, 'wallet_id', 'transaction_id', 'direction').join('\0'),
    part: 'state',
  },
  { name: 'spend_rules', key: ['rule_id'], part: 'state' },
  { name: 'spend_buckets', key: ['bucket'], part: 'books' },
  { name: 'spend_reservations', key: ['op_id'], part: 'books' },
  { name: 'spend_holds', key: ['op_id', 'bucket'], part: 'books' },
  { name: 'spend_events', key: ['bucket', 'at_ms', 'event_seq'], part: 'books' },
  {
    name: 'pay_requests',
    key: ['key_name', 'request_id'],
    sealed: ['input', 'answer'],
    primaryKey: (row) => `${encodeURIComponent(String(row.key_name))}/${String(row.request_id)}`,
    part: 'books',
  },
  {
    name: 'pay_payments',
    key: ['op_id'],
    sealed: ['details', 'artefact', 'outcome'],
    primaryKey: (row) => String(row.op_id),
    part: 'books',
  },
  { name: 'pay_approvals', key: ['key_name', 'request_id'], part: 'books' },
  { name: 'pay_receives', key: ['key_name', 'request_id'], part: 'books' },
  { name: 'pay_removed_limits', key: ['key_name', 'request_id'], part: 'books' },
  { name: 'rpc_v1_nonces', key: ['key_name', 'nonce'], part: 'books' },
  { name: 'limit_alerts', key: ['rule_id', 'percent'], part: 'books' },
  { name: 'webhook_deliveries', key: ['delivery_id'], part: 'books' },
];

/** What an archive leaves out: prices that are old by then, and what the program writes by itself. */
export const NOT_ARCHIVED: readonly string[] = ['exchange_rate_cache', 'pay_migrations'];

/** A row as a line of JSON. Bytes are `{ "base64": … }`, what was sealed is `{ "sealed": text }`. */
export function rowToLine(row: PayRow, table: ArchiveTable, sealer: Sealer): string {
  const values = Object.entries(row).map(([column, value]) => {
    if (!(value instanceof Uint8Array)) return [column, value];
    if (!table.sealed?.includes(column)) return [column, { base64: Buffer.from(value).toString('base64') }];
    return [column, { sealed: sealer.open(value, placeOf(row, column, table)) }];
  });
  return `${stringifyJson(Object.fromEntries(values))}\n`;
}

/** The opposite, sealed by the key of the machine it comes to. Throws a PayError `invalid_request`. */
export function lineToRow(line: string, table: ArchiveTable, sealer: Sealer): Record<string, PayValue> {
  const row = rowSchema.safeParse(parseJson(line));
  if (!row.success) throw new PayError('invalid_request', `the archive has a row of ${table.name} that is none`);
  const values = Object.entries(row.data).map(([column, value]): [string, PayValue] => {
    if (typeof value !== 'object' || value === null) return [column, value];
    if ('base64' in value) return [column, Buffer.from(value.base64, 'base64')];
    return [column, sealer.seal(value.sealed, placeOf(row.data, column, table))];
  });
  return Object.fromEntries(values);
}

const placeOf = (row: PayRow, column: string, { name, primaryKey }: ArchiveTable) => ({
  table: name,
  column,
  primaryKey: primaryKey?.(row) ?? '',
});

const rowSchema = z.record(
  z.string().regex(/^[a-z_]{1,60}$/),
  z.union([
    z.string(),
    z.number(),
    z.bigint(),
    z.null(),
    z.object({ base64: z.string() }),
    z.object({ sealed: z.string() }),
  ]),
);
