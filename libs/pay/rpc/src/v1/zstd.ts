import { Decompress } from 'fzstd';

/** The first bytes of a zstd frame (RFC 8878 section 3.1.1). Plain JSON begins otherwise. */
export const ZSTD_MAGIC = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);

/** A frame of raw blocks: legal for every decoder, and nothing is compressed. */
export function storedFrame(content: Uint8Array): Buffer {
  const parts: Uint8Array[] = [ZSTD_MAGIC, frameHeader(content.length)];
  for (let from = 0, isLast = false; !isLast; from += MAX_BLOCK_BYTES) {
    const block = content.subarray(from, from + MAX_BLOCK_BYTES);
    isLast = from + block.length >= content.length;
    const header = Buffer.alloc(3);
    header.writeUIntLE(block.length * 8 + (isLast ? 1 : 0), 0, 3);
    parts.push(header, block);
  }
  return Buffer.concat(parts);
}

/**
 * What a frame holds, at most `maxBytes`. Size and window are checked in the header, before anything is decoded, and what comes
 * out is counted meanwhile: a frame of a few bytes may claim to hold gigabytes. Throws a RangeError for more, an Error for junk.
 */
export function unpackFrame(frame: Uint8Array, maxBytes: number): Buffer {
  checkHeader(Buffer.from(frame), maxBytes);
  const chunks: Buffer[] = [];
  let total = 0;
  const decoder = new Decompress((chunk) => {
    total += chunk.length;
    if (total > maxBytes) throw new RangeError('the frame holds more than is allowed');
    chunks.push(Buffer.from(chunk));
  });
  decoder.push(frame, true);
  return Buffer.concat(chunks);
}

/** One segment, its size in 1, 2 or 4 bytes. */
function frameHeader(size: number): Buffer {
  if (size < 256) return Buffer.from([0x20, size]);
  const isShort = size < 65_536 + 256;
  const header = Buffer.alloc(isShort ? 3 : 5);
  header[0] = isShort ? 0x60 : 0xa0;
  if (isShort) header.writeUInt16LE(size - 256, 1);
  else header.writeUInt32LE(size, 1);
  return header;
}

function checkHeader(frame: Buffer, maxBytes: number): void {
  const descriptor = frame[4];
  if (descriptor === undefined || !frame.subarray(0, 4).equals(ZSTD_MAGIC)) throw new Error('no zstd frame');
  if ((descriptor & 0b1011) !== 0) throw new Error('a zstd frame with a dictionary or of a later kind');
  const isSingle = (descriptor & 0b10_0000) !== 0;
  const sizeBytes = SIZE_BYTES[descriptor >> 6] ?? (isSingle ? 1 : 0);
  const sizeAt = isSingle ? 5 : 6;
  if (frame.length < sizeAt + sizeBytes) throw new Error('a cut zstd frame');
  const size = sizeBytes === 0 ? undefined : frame.readUIntLE(sizeAt, Math.min(sizeBytes, 6));
  const tooLarge = sizeBytes === 8 && frame.readUInt16LE(sizeAt + 6) > 0;
  const claimed = isSingle ? size : windowBytes(frame.readUInt8(5));
  // The smallest windows are larger than what may be in them, so a window alone is measured with room.
  if (tooLarge || (size ?? 0) > maxBytes || (claimed ?? 0) > Math.max(maxBytes, MAX_WINDOW_BYTES)) {
    throw new RangeError('the frame holds more than is allowed');
  }
}

/** RFC 8878 section 3.1.1.1.2. */
function windowBytes(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 7);
}

/** By the two highest bits of the descriptor; the first is one byte or none. */
const SIZE_BYTES: readonly (number | undefined)[] = [undefined, 2, 4, 8];
const MAX_BLOCK_BYTES = 128 * 1024;
const MAX_WINDOW_BYTES = 8 * 1024 * 1024;
