import { createReadStream, existsSync, writeFileSync } from 'node:fs';
import { PayError } from '@caravel/pay-protocol';
import { migrationFiles } from '../migration-files.js';
import type { PayDb } from '../pay-db.js';
import type { Sealer } from '../sealer.js';
import { unpackEntries } from './archive-entries.js';
import type { ArchiveEntry, Manifest } from './archive-entries.js';
import { keyOnce, openStream } from './archive-seal.js';
import { clearTables, hasBooks, restoreRows, tableOf } from './restore-rows.js';
import { placeBelow } from './safe-path.js';

/** Reads all of an archive and compares every hash; writes nothing. Throws a PayError `invalid_request` for what is not right. */
export async function verifyArchive(path: string, passphrase: string): Promise<Manifest> {
  return unpack({ path, passphrase }, () => Promise.resolve());
}

/**
 * Brings an archive back: first all of it is read and compared, then its rows come in one transaction, then its files. Rows that are here stay
 * unless `overwrite` clears them first. Into a store that has made payments only wallets, history and rules come: its books are its own.
 */
export async function restoreArchive(path: string, ask: RestoreAsk): Promise<Restored> {
  const { db, sealer, passphrase, overwrite, network } = ask;
  const archive = { path, passphrase, deriveKey: keyOnce() };
  const manifest = await checkedManifest(archive, network);
  const rows: Record<string, number> = {};
  let keptBooks = false;
  await db.transaction(async (tx) => {
    if (overwrite) await clearTables(tx, network);
    keptBooks = network === undefined && (await hasBooks(tx));
    await unpack(archive, async (entry) => {
      const table = tableOf(entry.path);
      if (!table || (keptBooks && table.part === 'books')) return;
      const text = await textOf(entry);
      rows[table.name] = (rows[table.name] ?? 0) + (await restoreRows(tx, table, { text, sealer, network }));
    });
  });
  await unpack(archive, (entry) => restoreFile(entry, ask));
  return { manifest, rows, keptBooks };
}

/** What is in it, when it is of the kind that is wanted and of tables that are known. */
async function checkedManifest(archive: OpenedArchive, network: string | undefined): Promise<Manifest> {
  const manifest = await unpack(archive, () => Promise.resolve());
  if (manifest.network !== network) {
    const wanted = network === undefined ? 'a whole data folder' : network;
    const hint = manifest.network === undefined ? 'global restore' : `${manifest.network} restore`;
    throw new PayError('invalid_request', `this is no archive of ${wanted}`, { hint });
  }
  const known = Object.keys(await migrationFiles());
  if (manifest.migrations.every((name) => known.includes(name))) return manifest;
  throw new PayError('invalid_request', 'the archive was made by a newer version of this program');
}

async function restoreFile(entry: ArchiveEntry, { dataDir, folders, overwrite }: RestoreAsk): Promise<void> {
  const [, root = '', label = '', rest] = /^(files|extra)\/([^/]+)(?:\/(.+))?$/.exec(entry.path) ?? [];
  const folder = root === 'extra' ? folders?.find((known) => known.label === label)?.folder : undefined;
  const target = root === 'files' ? placeBelow(dataDir, label) : folder && rest ? placeBelow(folder, rest) : undefined;
  if (target === undefined || (existsSync(target) && !overwrite)) return;
  const parts: Uint8Array[] = [];
  for await (const part of entry.content) parts.push(part);
  writeFileSync(target, Buffer.concat(parts), { mode: 0o600 });
}

function unpack({ path, passphrase, deriveKey }: OpenedArchive, take: TakeEntry): Promise<Manifest> {
  if (!existsSync(path)) throw new PayError('invalid_request', `there is no ${path}`);
  return unpackEntries(openStream(createReadStream(path), passphrase, deriveKey), take);
}

async function textOf({ content }: ArchiveEntry): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of content) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}

export interface Restored {
  manifest: Manifest;
  /** Rows that came, by table. */
  rows: Readonly<Record<string, number>>;
  /** Payments were made here already; theirs stayed in the archive. */
  keptBooks: boolean;
}

type TakeEntry = (entry: ArchiveEntry) => Promise<void>;

interface OpenedArchive {
  path: string;
  passphrase: string;
  deriveKey?: ReturnType<typeof keyOnce>;
}

interface RestoreAsk {
  db: PayDb;
  sealer: Sealer;
  passphrase: string;
  overwrite: boolean;
  /** Undefined: everything. */
  network?: string | undefined;
  dataDir: string;
  folders?: readonly { label: string; folder: string }[];
}
