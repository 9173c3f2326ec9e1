import { linkAbort } from './deadline.js';
import type { NostrEvent } from './events.js';
import type { RequestHandlers } from './relay-connection.js';
import type { UseRelay } from './relay-lease.js';
import type { Filter } from './filter.js';

export interface QueryTarget {
  use: UseRelay;
  filters: readonly Filter[];
  /** Shared by all relays of one query: what one has sent need not be checked again. */
  events: Map<string, NostrEvent>;
  maxEvents: number;
  /** Called when there are enough events. */
  onFull: () => void;
}

/**
 * Collects what one relay has stored. Resolves at its EOSE; rejects with the relay's words or the reason when it does not come
 * that far. What was collected until then stays in `events`.
 */
export async function queryRelay(url: string, target: QueryTarget, signal: AbortSignal): Promise<void> {
  const { use, filters, events, maxEvents, onFull } = target;
  const done = new AbortController();
  const unlink = linkAbort(signal, done);
  const complete = new Error('complete');
  const handlers: RequestHandlers = {
    filters,
    isKnown: (id) => events.has(id) || events.size >= maxEvents,
    onEvent(event) {
      events.set(event.id, event);
      if (events.size >= maxEvents) onFull();
    },
    onEose() {
      done.abort(complete);
    },
  };
  try {
    const refusal = await use(url, (connection) => connection.request(handlers, done.signal));
    throw new Error(refusal || 'closed by the relay');
  } catch (error) {
    if (error !== complete) throw error;
  } finally {
    unlink();
  }
}
