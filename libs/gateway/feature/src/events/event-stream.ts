import type { Pubkey } from '@caravel/domain';
import type { TenantEvent } from '../ports.js';
import { eventText } from './event-text.js';

/** What one stream may read at a time: all of it is in memory until its reader has taken it. */
const PAGE = 100;

/**
 * One client's stream, pulled by its reader: nothing is read of the database before what was sent has been taken, so a slow
 * reader holds one page and no more. `wake` makes it look; `end` makes it say good-bye with the next pull and stop.
 */
export class EventStream {
  readonly tenantPubkey: Pubkey;
  /** The last event that was handed over. */
  seq: number;
  /** Since when the reader has not taken what is there; null while it waits for us. */
  offeredSinceMs: number | null = null;
  lastSaidMs: number;
  readonly openedMs: number;
  readonly #parts: EventStreamParts;
  #news = true;
  #heartbeat = false;
  #ended = false;
  #wake: () => void = () => undefined;

  constructor(parts: EventStreamParts) {
    this.#parts = parts;
    this.tenantPubkey = parts.tenantPubkey;
    this.seq = parts.seq;
    this.openedMs = parts.nowMs();
    this.lastSaidMs = this.openedMs;
  }

  /** There may be new events. */
  wake(): void {
    this.#news = true;
    this.#wake();
  }

  /** A word that the connection is alive, so that proxies keep it and a dead one is noticed. */
  beat(): void {
    this.#heartbeat = true;
    this.#wake();
  }

  end(): void {
    this.#ended = true;
    this.#wake();
  }

  async *pieces(): AsyncGenerator<string> {
    const { retryMs, onOver } = this.#parts;
    try {
      // An id without data is kept by clients and tells them nothing else: where to go on if nothing happens at all.
      yield* this.#offer(`retry: ${retryMs}\nid: ${this.seq}\n\n`);
      while (!this.#ended) {
        const text = await this.#next();
        if (text !== '') yield* this.#offer(text);
      }
      yield* this.#offer(`: please connect again\nretry: ${retryMs}\n\n`);
    } finally {
      onOver();
    }
  }

  async #next(): Promise<string> {
    if (this.#news) {
      this.#news = false;
      const events = await this.#parts.read(this.tenantPubkey, this.seq, { limit: PAGE });
      const last = events.at(-1);
      if (last !== undefined) {
        this.seq = last.seq;
        this.#news = true; // there may be more
        // An account that was deleted has no news; one that was made anew since is read on after a reconnect.
        if (events.some(isFarewell)) this.#ended = true;
        return events.map(eventText).join('');
      }
    }
    if (this.#heartbeat) {
      this.#heartbeat = false;
      return ': still here\n\n';
    }
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      if (this.#news || this.#heartbeat || this.#ended) resolve();
    });
    return '';
  }

  *#offer(text: string): Generator<string> {
    this.lastSaidMs = this.#parts.nowMs();
    this.offeredSinceMs = this.lastSaidMs;
    yield text;
    this.offeredSinceMs = null;
  }
}

const isFarewell = ({ kind, row }: TenantEvent): boolean => kind === 'activity' && row.type === 'delete_tenant';

export interface EventStreamParts {
  tenantPubkey: Pubkey;
  /** Where to begin: after this event. */
  seq: number;
  /** How long a client should wait before it connects again. */
  retryMs: number;
  read: (tenantPubkey: Pubkey, seq: number, page: { limit: number }) => Promise<TenantEvent[]>;
  nowMs: () => number;
  /** Called once when nothing more is sent. */
  onOver: () => void;
}
