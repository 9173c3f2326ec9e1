import { setMaxListeners } from 'node:events';
import { linkAbort, withDeadline } from './deadline.js';
import type { NostrEvent } from './events.js';
import { failure } from './relay-failure.js';
import { followRelay } from './relay-follow.js';
import { relayLeases } from './relay-lease.js';
import type { OperationOptions, RelayPool, RelayPoolOptions, SubscribeOptions } from './relay-pool-types.js';
import { publishToAll } from './relay-publish.js';
import { queryRelay } from './relay-query.js';
import { seenIds } from './seen-ids.js';

const DEFAULT_TIMEOUT_MS = 10_000;
const DEFAULT_MAX_EVENTS = 5_000;

/**
 * Connections to relays, opened when needed, shared, and closed when idle. Every operation has a deadline; what a relay does
 * wrong is its own result and nobody else's. Must be closed: open sockets keep a process alive.
 */
export function relayPool(options: RelayPoolOptions = {}): RelayPool {
  const closed = new AbortController();
  // One listener for each call that is under way: many are no leak.
  setMaxListeners(0, closed.signal);
  const use = relayLeases(options, closed.signal);
  const { backoff = { minMs: 500, maxMs: 60_000 } } = options;
  const bounded = <T>({ timeoutMs = DEFAULT_TIMEOUT_MS, signal }: OperationOptions, work: Work<T>): Promise<T> =>
    withDeadline({ timeoutMs, signals: [signal, closed.signal] }, work);

  return {
    publish: (relays, event, { graceMs, ...operation } = {}) =>
      bounded(operation, (signal) => publishToAll(relays, { use, event, graceMs }, signal)),

    query: (relays, filters, { onRelay, maxEvents = DEFAULT_MAX_EVENTS, ...operation } = {}) =>
      bounded(operation, async (signal) => {
        const events = new Map<string, NostrEvent>();
        const enough = new AbortController();
        const unlink = linkAbort(signal, enough);
        const target = {
          use,
          filters,
          events,
          maxEvents,
          onFull: () => {
            enough.abort(new Error('enough events'));
          },
        };
        const ask = async (url: string): Promise<void> => {
          const result = await queryRelay(url, target, enough.signal).then(
            () => ({ url, ok: true, message: '' }),
            (error: unknown) => failure(url, error),
          );
          onRelay?.(result);
        };
        await Promise.all(relays.map(ask)).finally(unlink);
        return [...events.values()].sort(newestFirst);
      }),

    subscribe(relays, filters, listener) {
      const wanted: SubscribeOptions = typeof listener === 'function' ? { onEvent: listener } : listener;
      const ended = new AbortController();
      const unlink = [wanted.signal, closed.signal].map((signal) => linkAbort(signal, ended));
      const seen = seenIds();
      const parts = relays.map((url) => followRelay({ url, use, filters, seen, wanted, backoff }, ended.signal));
      void Promise.all(parts).finally(() => {
        unlink.forEach((off) => {
          off();
        });
      });
      return {
        close: () => {
          ended.abort();
        },
      };
    },

    close: () => {
      closed.abort();
    },
  };
}

type Work<T> = (signal: AbortSignal) => Promise<T>;

/** Ties by id, so that the order does not depend on which relay was faster (NIP-01). */
const newestFirst = (a: NostrEvent, b: NostrEvent): number => b.created_at - a.created_at || (a.id < b.id ? -1 : 1);
