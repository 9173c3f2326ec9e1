import { unixSeconds } from '@caravel/domain';
import type { Clock } from '@caravel/domain';
import { MAX_FUTURE_S } from '../transfer/export-relay.js';
import { everyEvent } from '../transfer/every-event.js';
import type { RelayReader, StoredEvent } from '../transfer/relay-reader.js';

/**
 * What the files of a relay take, in bytes. zooid keeps an entry for each file (Blossom) among its events: kind 24242, unsigned, by whoever
 * uploaded it, with the tags `x` (the file's hash) and `size`. A file that several people uploaded is stored once. Null when
 * there are more entries than are read.
 */
export async function sumFiles(reader: RelayReader, { clock }: { clock: Clock }): Promise<bigint | null> {
  const sizes = new Map<string, bigint>();
  const untilS = unixSeconds(clock.now()) + MAX_FUTURE_S;
  for await (const { tags } of everyEvent((filter) => entries(reader, filter), { untilS })) {
    const [hash, size] = ['x', 'size'].map((name) => tags.find(([key]) => key === name)?.[1]);
    if (hash !== undefined && size !== undefined && /^\d{1,15}$/.test(size)) sizes.set(hash, BigInt(size));
    if (sizes.size > MAX_FILES) return null;
  }
  return [...sizes.values()].reduce((sum, size) => sum + size, 0n);
}

/** A filter that asks for other kinds finds none of ours. */
async function* entries(reader: RelayReader, filter: Parameters<RelayReader['read']>[0]): AsyncGenerator<StoredEvent> {
  if (!filter.kinds || filter.kinds.includes(FILE_ENTRY)) yield* reader.read({ ...filter, kinds: [FILE_ENTRY] });
}

const FILE_ENTRY = 24_242;
const MAX_FILES = 1000;
