import { restoreArchive, verifyArchive } from '@caravel/pay-store';
import type { ArchiveVerified } from '../format/own-output.js';
import { openBooks } from './open-books.js';
import type { BooksAsk } from './open-books.js';
import type { ArchiveAsk } from './run-archive.js';

/** Reads all of an archive; opens nothing else. */
export async function check(path: string, passphrase: string): Promise<ArchiveVerified> {
  const { kind, network, entries, created_at_utc } = await verifyArchive(path, passphrase);
  const content_bytes = entries.reduce((sum, { bytes }) => sum + bytes, 0);
  return {
    code: 'archive_verified',
    path,
    kind: network ?? kind,
    files: entries.length,
    content_bytes,
    created_at_utc,
  };
}

/** Resolves with what did not come, in words. */
export async function bringBack(ask: BringBackAsk, books: BooksAsk): Promise<string | undefined> {
  // Before a store is made for it.
  await verifyArchive(ask.path, ask.passphrase);
  const { db, sealer } = await openBooks(books);
  try {
    const { keptBooks } = await restoreArchive(ask.path, { ...ask, db, sealer });
    return keptBooks ? KEPT : undefined;
  } finally {
    await db.close();
  }
}

const KEPT =
  'Payments were made here already: wallets, history and limits came, what was spent and asked stays as it is here';

interface BringBackAsk extends ArchiveAsk {
  path: string;
  passphrase: string;
  overwrite: boolean;
}
