import { AppError } from '@caravel/domain';
import type { Clock, Pubkey } from '@caravel/domain';
import { withDeadline } from '@caravel/service';
import type { Logger } from '@caravel/service';
import { TextDocument } from '../http/text-document.js';
import type { EventsPort } from '../ports.js';
import { EventStream } from './event-stream.js';
import { openStreams } from './open-streams.js';
import type { OpenStream } from './open-streams.js';

const MAX_AGE_MS = 600_000;
const HEARTBEAT_MS = 15_000;
/** A reader that takes nothing for so long is dropped; it goes on from its last event when it comes back. */
const STALL_MS = 30_000;
/** What a stream may take for its last word when the process ends: one that is just reading the database says it after that. */
const PARTING_MS = 1000;
/** In ticks: how often positions are compared while notifications come, and while they don't. */
const POLL_TICKS = { listening: 15, deaf: 2 };

/** The event streams of this process: one LISTEN connection for all, some polling, and an end to each. */
export interface TenantStreams {
  /** Throws `rate-limited` when the caller has too many, `service-unavailable` when this process is about to end. */
  open: (wanted: { tenantPubkey: Pubkey; caller: Pubkey; after: number | undefined }) => Promise<TextDocument>;
  close: () => Promise<void>;
}

export function tenantStreams({ events, clock, log, listen, ...times }: TenantStreamsDeps): TenantStreams {
  const { tickMs = 1000, partingMs = PARTING_MS } = times;
  const streams = openStreams();
  const nowMs = () => clock.now().getTime();
  let opened = 0;
  let ticks = 0;
  let closed = false;

  const poll = async (): Promise<void> => {
    const heads = await events.heads(streams.tenants());
    for (const [tenantPubkey, head] of heads) {
      for (const { stream } of streams.of(tenantPubkey)) if (stream.seq < head) stream.wake();
    }
  };
  const look = (): void => {
    poll().catch((error: unknown) => {
      log.warn({ err: error }, 'events could not be looked for');
    });
  };
  const listener = listen({
    onNotified: (tenantPubkey) => {
      for (const { stream } of streams.of(tenantPubkey)) stream.wake();
    },
    onListening: look,
  });
  const timer = setInterval(() => {
    ticks += 1;
    for (const open of streams.all()) lookAfter(open, nowMs());
    if (ticks % POLL_TICKS[listener.isListening() ? 'listening' : 'deaf'] === 0) look();
  }, tickMs);
  timer.unref();

  return {
    open: async ({ tenantPubkey, caller, after }) => {
      if (closed) throw new AppError('service-unavailable', 'This server is about to restart. Please connect again.');
      // The place is taken before anything is waited for, so that many at once can't all find the last one free.
      const place = streams.take({ tenantPubkey, caller });
      try {
        const head = (await events.heads([tenantPubkey])).get(tenantPubkey) ?? 0;
        opened += 1;
        const stream = new EventStream({
          tenantPubkey,
          seq: Math.min(after ?? head, head),
          // Spread out, so that the clients of a server that ends don't all come back at once.
          retryMs: 1000 + (opened % 20) * 100,
          read: events.after,
          nowMs,
          onOver: place.leave,
        });
        const signal = place.enter(stream);
        return sseDocument(stream, { signal, onClose: place.leave });
      } catch (error) {
        place.leave();
        throw error;
      }
    },
    close: async () => {
      closed = true;
      clearInterval(timer);
      await endAll(streams, partingMs);
      await listener.close();
    },
  };
}

/** Each says its last word. A reader that does not read never hears it; the server's own end is for those. */
async function endAll(streams: ReturnType<typeof openStreams>, timeoutMs: number): Promise<void> {
  for (const { stream } of streams.all()) stream.end();
  await withDeadline(streams.emptied(), { timeoutMs, what: 'a reader' }).catch(() => undefined);
}

/** Ends it when its time is over, keeps it alive, or breaks it off when its reader does not read. */
function lookAfter({ stream, drop }: OpenStream, nowMs: number): void {
  if (nowMs - stream.openedMs >= MAX_AGE_MS) stream.end();
  else if (nowMs - stream.lastSaidMs >= HEARTBEAT_MS) stream.beat();
  if (stream.offeredSinceMs !== null && nowMs - stream.offeredSinceMs >= STALL_MS) drop();
}

function sseDocument(stream: EventStream, end: { signal: AbortSignal; onClose: () => void }): TextDocument {
  return new TextDocument({
    contentType: 'text/event-stream; charset=utf-8',
    // Reverse proxies (nginx) would hold back what comes in small pieces.
    headers: { 'X-Accel-Buffering': 'no' },
    body: stream.pieces(),
    signal: end.signal,
    onClose: () => {
      stream.end();
      end.onClose();
    },
  });
}

export interface TenantStreamsDeps {
  events: EventsPort;
  clock: Clock;
  log: Logger;
  /** Hears which tenants have news, from now on, until it is closed. */
  listen: (handlers: { onNotified: (tenantPubkey: string) => void; onListening: () => void }) => {
    isListening: () => boolean;
    close: () => Promise<void>;
  };
  tickMs?: number;
  /** How long the end of all waits for readers. */
  partingMs?: number;
}
