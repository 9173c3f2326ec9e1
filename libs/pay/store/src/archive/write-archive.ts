import { once } from 'node:events';
import { createReadStream, createWriteStream, existsSync, lstatSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { PayError } from '@caravel/pay-protocol';
import { migrationFiles } from '../migration-files.js';
import type { PayDb } from '../pay-db.js';
import type { Sealer } from '../sealer.js';
import { packEntries } from './archive-entries.js';
import type { ArchiveEntry, Manifest } from './archive-entries.js';
import { sealStream } from './archive-seal.js';
import { dumpStore } from './dump-store.js';

/**
 * Writes a store into one file (mode 0600) under a passphrase: what it held at one moment, with its seeds, and further files. The file has its
 * name only once it is whole and on the disk. Throws a PayError `invalid_request` when something has that name already.
 */
export async function writeArchive(path: string, { db, sealer, passphrase, ...about }: ArchiveAsk): Promise<Manifest> {
  if (existsSync(path)) throw new PayError('invalid_request', `${path} exists already`);
  const migrations = Object.keys(await migrationFiles());
  const { network, wallet, createdAtUtc, files = [], folders = [] } = about;
  const draft = join(dirname(path), `.${basename(path)}.part`);
  let manifest: Manifest | undefined;
  try {
    await db.transaction(async (tx) => {
      // One moment for all tables; SQLite has it by its lock.
      if (db.dialect === 'postgres') await tx.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
      const entries = async function* (): AsyncGenerator<ArchiveEntry> {
        yield* dumpStore(tx, { sealer, network, wallet });
        for (const { name, file } of files) yield fileEntry(`files/${name}`, file);
        for (const { label, folder } of folders) yield* folderEntries(`extra/${label}`, folder);
      };
      const kind = network === undefined ? 'global' : 'network';
      const head = {
        kind,
        created_at_utc: createdAtUtc,
        migrations,
        ...(network !== undefined && { network }),
      } as const;
      const plain = packEntries(head, entries(), (done) => (manifest = done));
      await writeAll(draft, sealStream(plain, passphrase, about.cost));
    });
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
  if (!manifest) throw new PayError('internal_error', 'the archive has no manifest');
  return manifest;
}

async function writeAll(path: string, parts: AsyncIterable<Uint8Array>): Promise<void> {
  const file = createWriteStream(path, { mode: 0o600, flags: 'wx', flush: true });
  for await (const part of parts) if (!file.write(part)) await once(file, 'drain');
  file.end();
  await once(file, 'close');
}

const fileEntry = (path: string, file: string): ArchiveEntry => ({
  path,
  bytes: lstatSync(file).size,
  content: createReadStream(file),
});

/** Files and folders only; what a link points to is elsewhere. */
function* folderEntries(path: string, folder: string): Generator<ArchiveEntry> {
  for (const found of readdirSync(folder, { withFileTypes: true }).sort((one, other) =>
    one.name < other.name ? -1 : 1,
  )) {
    const [inside, outside] = [`${path}/${found.name}`, join(folder, found.name)];
    if (found.isDirectory()) yield* folderEntries(inside, outside);
    else if (found.isFile()) yield fileEntry(inside, outside);
  }
}

interface ArchiveAsk {
  db: PayDb;
  sealer: Sealer;
  passphrase: string;
  /** `20260101T000000Z` */
  createdAtUtc: string;
  /** Only the wallets of a network, or one of them, with their history. */
  network?: string | undefined;
  wallet?: string | undefined;
  files?: readonly { name: string; file: string }[];
  folders?: readonly { label: string; folder: string }[];
  /** Less for tests; see `sealStream`. */
  cost?: { log2N: number };
}
