import { createCipheriv, createDecipheriv, randomBytes as nodeRandomBytes, scrypt } from 'node:crypto';
import { PayError } from '@caravel/pay-protocol';
import { byteSource } from './byte-source.js';

/**
 * Bytes under a passphrase, as a stream: header ‖ chunks. The header is `AFPAYARC` ‖ version (1) ‖ log2 N (1) ‖ r (1) ‖ p (1) ‖ salt (16) ‖
 * nonce prefix (7); the key is scrypt of the passphrase (RFC 7914). A chunk is AES-256-GCM of 64 KiB, the last one shorter; nonce and
 * associated data carry its number and whether it is the last, so none can be left out, repeated, moved or cut off.
 */
export async function* sealStream(
  plain: AsyncIterable<Uint8Array>,
  passphrase: string,
  { log2N = MOST_LOG2_N } = {},
): AsyncGenerator<Uint8Array> {
  const header = Buffer.concat([MAGIC, Buffer.of(VERSION, log2N, R, P), nodeRandomBytes(SALT_BYTES + PREFIX_BYTES)]);
  const key = await keyOf(passphrase, header);
  yield header;
  let held = Buffer.alloc(0);
  let number = 0;
  for await (const bytes of plain) {
    held = Buffer.concat([held, bytes]);
    // The last chunk is known only when nothing follows, so one is always kept back.
    for (; held.length > CHUNK_BYTES; held = held.subarray(CHUNK_BYTES)) {
      yield sealChunk(held.subarray(0, CHUNK_BYTES), { key, header, number, isLast: false });
      number += 1;
    }
  }
  yield sealChunk(held, { key, header, number, isLast: true });
}

/** Throws a PayError `invalid_request` for another passphrase, changed bytes, or an archive that was cut short. */
export async function* openStream(
  sealed: AsyncIterable<Uint8Array>,
  passphrase: string,
  deriveKey: DeriveKey = keyOf,
): AsyncGenerator<Uint8Array> {
  const source = byteSource(sealed);
  const header = await source.upTo(HEADER_BYTES);
  const isOurs = header.length === HEADER_BYTES && header.subarray(0, MAGIC.length).equals(MAGIC);
  if (!isOurs || header[MAGIC.length] !== VERSION) throw new PayError('invalid_request', 'this is no archive of afpay');
  // Chosen by whoever wrote the file: more would only exhaust the machine.
  if (header.readUInt8(9) > MOST_LOG2_N || header[10] !== R || header[11] !== P) throw broken('unknown parameters');
  const key = await deriveKey(passphrase, header);
  for (let number = 0; ; number += 1) {
    const chunk = await source.upTo(CHUNK_BYTES + TAG_BYTES);
    const isLast = await source.isOver();
    yield openChunk(chunk, { key, header, number, isLast });
    if (isLast) return;
  }
}

/** For who reads one archive several times: the passphrase is made a key once. Of one restore, not longer. */
export function keyOnce(): DeriveKey {
  const known = new Map<string, Promise<Buffer>>();
  return (passphrase, header) => {
    const name = header.toString('hex');
    const key = known.get(name) ?? keyOf(passphrase, header);
    known.set(name, key);
    return key;
  };
}

function sealChunk(plain: Uint8Array, place: ChunkPlace): Uint8Array {
  const cipher = createCipheriv(ALGORITHM, place.key, nonceOf(place), { authTagLength: TAG_BYTES }).setAAD(
    aadOf(place),
  );
  return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function openChunk(sealed: Buffer, place: ChunkPlace): Uint8Array {
  if (sealed.length < TAG_BYTES) throw broken('cut short');
  const decipher = createDecipheriv(ALGORITHM, place.key, nonceOf(place), { authTagLength: TAG_BYTES })
    .setAAD(aadOf(place))
    .setAuthTag(sealed.subarray(-TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(0, -TAG_BYTES)), decipher.final()]);
  } catch (cause) {
    throw broken('another passphrase, or changed bytes', cause);
  }
}

const nonceOf = ({ header, number, isLast }: ChunkPlace): Buffer =>
  Buffer.concat([header.subarray(-PREFIX_BYTES), numberOf(number), Buffer.of(isLast ? 1 : 0)]);
const aadOf = ({ header, number, isLast }: ChunkPlace): Buffer =>
  Buffer.concat([header, numberOf(number), Buffer.of(isLast ? 1 : 0)]);

function numberOf(number: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(number);
  return bytes;
}

function keyOf(passphrase: string, header: Buffer): Promise<Buffer> {
  const salt = header.subarray(MAGIC.length + 4, MAGIC.length + 4 + SALT_BYTES);
  return new Promise((resolve, reject) => {
    const cost = { N: 2 ** header.readUInt8(9), r: R, p: P, maxmem: 256 * 1024 * 1024 };
    scrypt(passphrase.normalize('NFKC'), salt, 32, cost, (error, key) => {
      if (error) reject(error);
      else resolve(key);
    });
  });
}

const broken = (what: string, cause?: unknown): PayError =>
  new PayError('invalid_request', `the archive does not open: ${what}`, { cause });

const ALGORITHM = 'aes-256-gcm';
const MAGIC = Buffer.from('AFPAYARC');
const VERSION = 1;
/** 128 MiB and about half a second for each guess. */
const MOST_LOG2_N = 17;
const [R, P] = [8, 1];
const SALT_BYTES = 16;
const PREFIX_BYTES = 7;
const HEADER_BYTES = MAGIC.length + 4 + SALT_BYTES + PREFIX_BYTES;
const TAG_BYTES = 16;
export const CHUNK_BYTES = 64 * 1024;

type DeriveKey = (passphrase: string, header: Buffer) => Promise<Buffer>;

interface ChunkPlace {
  key: Buffer;
  header: Buffer;
  number: number;
  isLast: boolean;
}
