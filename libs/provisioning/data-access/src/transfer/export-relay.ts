import { unixSeconds } from '@caravel/domain';
import type { UnsureSecond } from './crowded-second.js';
import { everyEvent } from './every-event.js';
import { openRelayReader } from './relay-reader.js';
import type { RelayReader, RelayReaderOptions, StoredEvent } from './relay-reader.js';

/**
 * Everything a relay shows its own key, newest first, each event once; about a page of ids and 1 MiB of events are held at
 * a time. Ends the connection when it is left. An export that could not be completed throws (`ZooidError`, or the reason
 * of `signal`), so what was yielded until then must not pass for all of it.
 *
 * The protocol withholds what the relay shows nobody, or only to whom it is meant for: events deleted, replaced or expired,
 * ephemeral ones, other people's gift wraps and push subscriptions; and files, which are no events.
 */
export async function* exportRelay(options: ExportRelayOptions): AsyncGenerator<StoredEvent> {
  const reader = resumingReader(options);
  try {
    const untilS = unixSeconds(options.clock.now()) + MAX_FUTURE_S;
    yield* everyEvent(reader.read, { untilS, authors: options.authors, onUnsure: options.onUnsure });
  } finally {
    reader.close();
  }
}

/**
 * Goes on over another connection when one is lost: zooid ends those of slow readers, and all of a relay when its
 * configuration changes. What is being read is then read again from its beginning; the reader knows what it has.
 */
function resumingReader(options: RelayReaderOptions): Pick<RelayReader, 'read' | 'close'> {
  let reader: RelayReader | undefined;
  let hasRead = false;
  return {
    read: async function* (filter) {
      for (let losses = 0; ; losses += 1) {
        try {
          reader ??= await openRelayReader(options);
          for await (const event of reader.read(filter)) {
            hasRead = true;
            yield event;
          }
          return;
        } catch (error) {
          reader?.close();
          reader = undefined;
          if (!hasRead || losses === MAX_LOSSES || options.signal.aborted) throw error;
        }
      }
    },
    close: () => reader?.close(),
  };
}

/** While one question is answered. */
const MAX_LOSSES = 3;
/** Relays take events that are dated a little ahead. */
export const MAX_FUTURE_S = 86_400;

export interface ExportRelayOptions extends RelayReaderOptions {
  /** Who may have written here: used where one second holds more events of a kind than the relay answers at once. */
  authors?: readonly string[] | undefined;
  /** A second of which the relay may hold more than it could be made to show. */
  onUnsure?: ((second: UnsureSecond) => void) | undefined;
}
