import { createHash } from 'node:crypto';
import { parseJson, PayError, stringifyJson } from '@caravel/pay-protocol';
import { z } from 'zod';
import { byteSource } from './byte-source.js';
import { checkPath } from './safe-path.js';

/** One file of an archive. */
export interface ArchiveEntry {
  /** Relative, with slashes; see `checkPath`. */
  path: string;
  bytes: number;
  content: AsyncIterable<Uint8Array>;
}

/** What an archive is, and the hash of everything in it. */
export type Manifest = z.infer<typeof manifestSchema>;
export type ArchiveAbout = Omit<Manifest, 'entries'>;

/** Entries one after the other, each behind a line that names it; the manifest is the last. */
export async function* packEntries(
  about: ArchiveAbout,
  entries: AsyncIterable<ArchiveEntry>,
  done: (manifest: Manifest) => void,
): AsyncGenerator<Uint8Array> {
  const hashes: Manifest['entries'] = [];
  for await (const { path, bytes, content } of entries) {
    checkPath(path);
    yield headOf(path, bytes);
    const hash = createHash('sha256');
    let length = 0;
    for await (const part of content) {
      hash.update(part);
      length += part.length;
      yield part;
    }
    if (length !== bytes) throw new PayError('internal_error', `${path} changed while it was read`);
    hashes.push({ path, bytes, sha256: hash.digest('hex') });
  }
  const manifest = { ...about, entries: hashes };
  const text = Buffer.from(stringifyJson(manifest));
  yield headOf(MANIFEST, text.length);
  yield text;
  done(manifest);
}

/**
 * Reads it all and gives each entry's bytes to `take`, in order, part by part. Throws a PayError `invalid_request` when a path is not safe, an
 * entry is not what the manifest says, or something is missing. What `take` did before is for its owner to undo.
 */
export async function unpackEntries(plain: AsyncIterable<Uint8Array>, take: TakeEntry): Promise<Manifest> {
  const source = byteSource(plain);
  const seen: Manifest['entries'] = [];
  for (;;) {
    const { path, bytes } = await readHead(source);
    if (path === MANIFEST)
      return checkManifest(await source.upTo(Math.min(bytes, MOST_HEAD_BYTES)), seen, await source.isOver());
    const hash = createHash('sha256');
    const content = async function* () {
      for (let left = bytes; left > 0;) {
        const part = await source.upTo(Math.min(left, PART_BYTES));
        if (part.length === 0) throw wrong('it is cut short');
        left -= part.length;
        hash.update(part);
        yield part;
      }
    };
    const parts = content();
    await take({ path: checkPath(path), bytes, content: parts });
    // What was not taken is read all the same: its hash counts.
    while (!(await parts.next()).done);
    seen.push({ path, bytes, sha256: hash.digest('hex') });
  }
}

async function readHead(source: ReturnType<typeof byteSource>): Promise<{ path: string; bytes: number }> {
  const size = await source.upTo(4);
  if (size.length < 4) throw wrong('it has no manifest');
  const length = size.readUInt32BE();
  if (length > MOST_HEAD_BYTES) throw wrong('an entry has no readable name');
  const head = headSchema.safeParse(parseJson((await source.upTo(length)).toString('utf8')));
  if (!head.success) throw wrong('an entry has no readable name');
  return head.data;
}

function checkManifest(text: Buffer, seen: Manifest['entries'], isOver: boolean): Manifest {
  const manifest = manifestSchema.safeParse(parseJson(text.toString('utf8')));
  if (!manifest.success || !isOver) throw wrong('its manifest is not readable');
  const told = manifest.data.entries;
  const isSame = (entry: Manifest['entries'][number], index: number) =>
    told[index]?.path === entry.path && told[index].sha256 === entry.sha256 && told[index].bytes === entry.bytes;
  if (told.length !== seen.length || !seen.every(isSame)) throw wrong('something in it is not what its manifest says');
  return manifest.data;
}

function headOf(path: string, bytes: number): Uint8Array {
  const text = Buffer.from(stringifyJson({ path, bytes }));
  const size = Buffer.alloc(4);
  size.writeUInt32BE(text.length);
  return Buffer.concat([size, text]);
}

const wrong = (what: string): PayError => new PayError('invalid_request', `the archive is damaged: ${what}`);

const MANIFEST = 'manifest.json';
const PART_BYTES = 64 * 1024;
const MOST_HEAD_BYTES = 64 * 1024 * 1024;
const headSchema = z.object({ path: z.string(), bytes: z.int().min(0) });
const manifestSchema = z.object({
  kind: z.enum(['global', 'network']),
  network: z.string().optional(),
  created_at_utc: z.string(),
  /** The tables' version: names of migrations. */
  migrations: z.array(z.string()),
  entries: z.array(z.object({ path: z.string(), bytes: z.int(), sha256: z.string() })),
});

type TakeEntry = (entry: ArchiveEntry) => Promise<void>;
