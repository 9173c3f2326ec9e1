import { existsSync } from 'node:fs';
import { PayError } from '@caravel/pay-protocol';
import { writeArchive } from '@caravel/pay-store';
import type { PayDb } from '@caravel/pay-store';
import { openBooks } from './open-books.js';
import type { BooksAsk } from './open-books.js';
import { configFile } from './run-archive.js';
import type { ArchiveAsk } from './run-archive.js';

/** One sealed file of what is here: all of it with config.toml, or the wallets of one network. */
export async function backUp({ dataDir, folders, wallet, ...ask }: BackUpAsk, books: BooksAsk): Promise<void> {
  const { db, sealer } = await openBooks(books);
  try {
    const config = configFile(dataDir);
    const isWhole = ask.network === undefined && existsSync(config);
    await writeArchive(ask.path, {
      ...ask,
      db,
      sealer,
      folders,
      wallet: wallet === undefined ? undefined : await walletId(db, wallet),
      files: isWhole ? [{ name: 'config.toml', file: config }] : [],
    });
  } finally {
    await db.close();
  }
}

/** A wallet is said by its id or its label. */
async function walletId(db: PayDb, said: string): Promise<string> {
  const sql = 'SELECT wallet_id FROM pay_wallets WHERE closed_at_ms IS NULL AND (wallet_id = $1 OR label = $2)';
  const rows = await db.query(sql, [said, said]);
  const exact = rows.find(({ wallet_id }) => wallet_id === said) ?? (rows.length === 1 ? rows[0] : undefined);
  if (!exact)
    throw new PayError('wallet_not_found', rows.length === 0 ? 'no such wallet' : 'several wallets have this label');
  return String(exact.wallet_id);
}

interface BackUpAsk extends ArchiveAsk {
  path: string;
  passphrase: string;
  createdAtUtc: string;
  /** Only this one: id or label. */
  wallet: string | undefined;
}
