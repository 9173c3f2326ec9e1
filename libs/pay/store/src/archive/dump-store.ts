import type { PayTx, PayRow } from '../pay-db.js';
import type { Sealer } from '../sealer.js';
import type { ArchiveEntry } from './archive-entries.js';
import { ARCHIVE_TABLES, rowToLine } from './archive-tables.js';
import type { ArchiveTable } from './archive-tables.js';

/** The tables as entries `tables/<name>/<page>.jsonl`; of one network only its wallets (or one of them) and their history. */
export async function* dumpStore(tx: PayTx, { sealer, network, wallet }: DumpScope): AsyncGenerator<ArchiveEntry> {
  for (const table of ARCHIVE_TABLES) {
    if (network !== undefined && !OF_NETWORK.has(table.name)) continue;
    for (let page = 0; ; page += 1) {
      const rows = await readPage(tx, table, { page, network, wallet });
      if (rows.length === 0) break;
      const content = Buffer.from(rows.map((row) => rowToLine(row, table, sealer)).join(''));
      yield { path: `tables/${table.name}/${page}.jsonl`, bytes: content.length, content: once(content) };
      if (rows.length < PAGE_ROWS) break;
    }
  }
}

function readPage(tx: PayTx, { name, key }: ArchiveTable, { page, network, wallet }: PageAsk): Promise<PayRow[]> {
  const wanted = [['network', network] as const, ['wallet_id', wallet] as const].flatMap(([column, value]) =>
    value === undefined ? [] : [[column, value] as const],
  );
  const where = wanted.map(([column], index) => `${column} = $${index + 1}`).join(' AND ');
  const sql = `SELECT * FROM ${name}${where && ` WHERE ${where}`} ORDER BY ${key.join(', ')}`;
  return tx.query(
    `${sql} LIMIT ${PAGE_ROWS} OFFSET ${page * PAGE_ROWS}`,
    wanted.map(([, value]) => value),
  );
}

async function* once(content: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(content);
}

const OF_NETWORK: ReadonlySet<string> = new Set(['pay_wallets', 'pay_transactions']);
const PAGE_ROWS = 1000;

interface DumpScope {
  sealer: Sealer;
  network?: string | undefined;
  wallet?: string | undefined;
}

interface PageAsk extends Omit<DumpScope, 'sealer'> {
  page: number;
}
