import { linkAbort, pause, untilAborted } from './deadline.js';
import type { NostrEvent } from './events.js';
import { NWC_RESPONSE_KIND } from './nip47-message.js';
import type { NwcConnection } from './nwc-url.js';
import type { RelayPool } from './relay-pool-types.js';

export interface Exchange<Reply> {
  pool: RelayPool;
  connection: NwcConnection;
  request: NostrEvent;
  /** `undefined` for an event that is not the answer. */
  read: (event: NostrEvent) => Reply | undefined;
}

/** `handed` is false only when no relay was given the request. */
export interface ExchangeEnd<Reply> {
  reply: Reply | undefined;
  handed: boolean;
}

/** A relay that does not confirm the subscription within this is sent the request all the same. */
const READY_MS = 2_000;

/**
 * Sends one request event to every relay of the connection, each as soon as it listens for the answer (answers are not stored:
 * whoever asks first and listens later has missed it), and waits for the first answer or the end of `signal`.
 */
export async function exchange<Reply>(
  { pool, connection, request, read }: Exchange<Reply>,
  signal: AbortSignal,
): Promise<ExchangeEnd<Reply>> {
  const { relays, walletPubkey } = connection;
  const done = new AbortController();
  const unlink = linkAbort(signal, done);
  const replies: Reply[] = [];
  const ready = readiness();
  pool.subscribe(relays, [{ kinds: [NWC_RESPONSE_KIND], authors: [walletPubkey], '#e': [request.id] }], {
    signal: done.signal,
    onEvent(event) {
      const reply = read(event);
      if (reply === undefined) return;
      replies.push(reply);
      done.abort();
    },
    onReady: ready.settle,
    onDown: ({ url }) => {
      ready.settle(url);
    },
  });
  const handed = await Promise.all(
    relays.map(async (url) => {
      await Promise.race([ready.of(url), pause(READY_MS, done.signal)]);
      const [result] = await pool.publish([url], request, { signal: done.signal });
      return result?.handed ?? false;
    }),
  );
  if (handed.includes(true)) await untilAborted(done.signal);
  done.abort();
  unlink();
  return { reply: replies[0], handed: handed.includes(true) };
}

/** One promise per relay that can be settled before or after somebody waits for it. */
function readiness(): { of: (url: string) => Promise<void>; settle: (url: string) => void } {
  const settled = new Set<string>();
  const waiters = new Map<string, () => void>();
  return {
    of: (url) =>
      new Promise((resolve) => {
        if (settled.has(url)) resolve();
        waiters.set(url, resolve);
      }),
    settle(url) {
      settled.add(url);
      waiters.get(url)?.();
    },
  };
}
