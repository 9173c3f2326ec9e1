import { unixSeconds } from '@caravel/domain';
import type { Clock, Id } from '@caravel/domain';
import type { PrismaClient } from '@caravel/platform-data-access';
import { findRelayKey } from '../relay-key.js';
import type { RelaySecretBox } from '../relay-secret-box.js';
import { everyEvent } from '../transfer/every-event.js';
import { sumFiles } from './sum-files.js';
import { MAX_FUTURE_S } from '../transfer/export-relay.js';
import { openRelayReader } from '../transfer/relay-reader.js';
import type { RelayReader, RelayReaderOptions } from '../transfer/relay-reader.js';

/** `readContents` for relays by their ids, with their keys out of the database. `url` is where their zooid serves relays. */
export function relayContents(client: PrismaClient, { secretBox, clock }: { secretBox: RelaySecretBox; clock: Clock }) {
  return async ({ id, ...relay }: RelayAt, signal: AbortSignal): Promise<RelayContents> => {
    const signer = await findRelayKey(client, id, secretBox);
    return readContents({ ...relay, signer, clock, signal });
  };
}

/**
 * What a relay shows its own key: how many events it has, and the newest one that it did not write itself (of those it writes,
 * member lists are looked at elsewhere). Counted by NIP-45 where the relay does that; else by reading, and then no
 * further than `MAX_READ`: `events` is null when there are more. With `hasFiles` also how much its files take. @throws ZooidError when the relay doesn't answer as it should.
 */
export async function readContents(options: ReadContentsOptions): Promise<RelayContents> {
  const reader = await openRelayReader(options);
  try {
    const newestEvent = await findNewest(reader, options.signer.pubkey);
    const bytes = options.hasFiles ? await sumFiles(reader, options) : null;
    const answer = await askCount(reader, options);
    const count = answer.count ?? (answer.isSilent ? null : await countByReading(reader, options));
    return { events: count === null ? null : BigInt(count), newestEvent, bytes };
  } finally {
    reader.close();
  }
}

async function findNewest(reader: RelayReader, self: string): Promise<string> {
  let newest = { id: '', created_at: -1 };
  for await (const event of reader.read({ limit: LOOKED_AT })) {
    const { id, created_at: at } = event;
    // Ties by id (NIP-01), so that the same events always give the same one.
    const isNewer = at > newest.created_at || (at === newest.created_at && id < newest.id);
    if (event.pubkey !== self && isNewer) newest = event;
  }
  return newest.id;
}

/** A relay that has never heard of COUNT may say nothing: then the connection is of no use any more. */
async function askCount(
  reader: RelayReader,
  { countPatienceMs = 3000 }: ReadContentsOptions,
): Promise<{ count: number | null; isSilent?: boolean }> {
  const silence = new AbortController();
  const patience = setTimeout(() => {
    silence.abort();
    reader.close();
  }, countPatienceMs);
  try {
    return await reader.count({});
  } catch (error) {
    if (!silence.signal.aborted) throw error;
    return { count: null, isSilent: true };
  } finally {
    clearTimeout(patience);
  }
}

async function countByReading(reader: RelayReader, { clock }: RelayReaderOptions): Promise<number | null> {
  const ids = new Set<string>();
  const untilS = unixSeconds(clock.now()) + MAX_FUTURE_S;
  for await (const { id } of everyEvent(reader.read, { untilS })) {
    if (ids.add(id).size > MAX_READ) return null;
  }
  return ids.size;
}

const LOOKED_AT = 20;
const MAX_READ = 1000;

interface ReadContentsOptions extends RelayReaderOptions {
  /** It stores files (Blossom). */
  hasFiles?: boolean;
  /** For how long a relay may say nothing when it is asked to count; 3 s by default. */
  countPatienceMs?: number;
}

interface RelayAt {
  id: Id;
  host: string;
  url: string;
  hasFiles: boolean;
}

export interface RelayContents {
  /** Null when it neither counts nor has few enough to be read. */
  events: bigint | null;
  /** Its id; '' when there is none. */
  newestEvent: string;
  /** Null when it stores no files, or has too many to be told of. */
  bytes: bigint | null;
}
