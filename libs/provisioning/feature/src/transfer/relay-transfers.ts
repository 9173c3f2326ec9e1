import { AppError, relayHost } from '@caravel/domain';
import type { Id, Relay } from '@caravel/domain';
import { instanceOfRelay } from '../zooid-instances.js';
import type { RelayPlaces, ZooidInstances } from '../zooid-instances.js';

/**
 * Reads a relay out and fills it. What is told to a tenant is in the errors: `not-found`, and `service-unavailable` when its
 * zooid doesn't do it.
 */
export function relayTransfers(deps: RelayTransfersDeps): RelayTransfers {
  const { relays, readEvents, writeEvents, log } = deps;
  return {
    export: async function* (relayId, signal) {
      const relay = await relays.find(relayId);
      if (!relay) throw noSuchRelay();
      const instance = await instanceOfRelay(deps, relayId);
      if (!instance) return; // no zooid has ever heard of it
      const onUnsure = (second: object) => {
        log.warn({ relayId, ...second }, 'an export may lack events of a crowded second');
      };
      const source = { relayId, relayUrl: instance.relayUrl, host: relayHost(relay) };
      yield* inPieces(readEvents({ ...source, signal, onUnsure }));
    },
    import: async (relayId, events, signal) => {
      const relay = await relays.find(relayId);
      if (!relay) throw noSuchRelay();
      const instance = await instanceOfRelay(deps, relayId);
      if (!instance)
        throw new AppError('service-unavailable', 'The relay has not come up yet. Please try again later.');
      const result = await writeEvents(events, { relay, instance: instance.name, signal });
      log.info({ relayId, imported: result.imported, invalid: result.invalid }, 'events imported');
      return result;
    },
  };
}

/** One event a line, many lines a piece: writing each alone costs more than making it. */
async function* inPieces(events: AsyncIterable<object>): AsyncGenerator<string> {
  let piece = '';
  for await (const event of events) {
    piece += `${JSON.stringify(event)}\n`;
    if (piece.length < PIECE_CHARS) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}

const PIECE_CHARS = 32 * 1024;
const noSuchRelay = () => new AppError('not-found', 'There is no such relay.');

export interface RelayTransfers {
  /** All events as NDJSON; ends early only by throwing. */
  export: (relayId: Id, signal: AbortSignal) => AsyncIterable<string>;
  import: (relayId: Id, events: AsyncIterable<Uint8Array>, signal: AbortSignal) => Promise<ImportResult>;
}

/** As the API answers it. */
export interface ImportResult {
  imported: number;
  invalid: number;
  problems: { line: number; event_id: string; message: string }[];
}

interface RelayTransfersDeps {
  relays: { find: (id: Id) => Promise<Relay | null> };
  syncs: RelayPlaces;
  zooids: ZooidInstances<unknown>;
  readEvents: (source: EventSource) => AsyncIterable<object>;
  writeEvents: (events: AsyncIterable<Uint8Array>, target: EventTarget) => Promise<ImportResult>;
  log: { info: (fields: object, text: string) => void; warn: (fields: object, text: string) => void };
}

interface EventSource {
  relayId: Id;
  relayUrl: string;
  host: string;
  signal: AbortSignal;
  onUnsure: (second: object) => void;
}

interface EventTarget {
  relay: Relay;
  /** The zooid that has it, by its name. */
  instance: string;
  signal: AbortSignal;
}
