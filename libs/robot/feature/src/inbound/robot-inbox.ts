import type { Clock, Pubkey } from '@caravel/domain';
import { unixSeconds } from '@caravel/domain';
import { GIFT_WRAP_KIND } from '@caravel/nostr';
import type { NostrEvent, RelayPool, Signer, Subscription } from '@caravel/nostr';
import type { Logger, Metrics } from '@caravel/service';
import { expiringCache } from '../expiring-cache.js';
import type { Texts } from '../texts/text-schema.js';
import type { InboundStore } from './inbound-port.js';
import { receiveWrap } from './receive-wrap.js';
import { WINDOW_S } from './read-wrap.js';

/**
 * Reads what is sent to the robot at its messaging relays, and notes an answer to each message (`receiveWrap`). Anybody may send
 * wraps, and only opening one tells what is in it: so a wrap is opened once, a bounded number of them a second, and no more wait
 * than fit; what did not fit is asked for again minutes later.
 */
export function robotInbox(deps: InboxDeps): RobotInbox {
  const { pool, signer, relays, store, clock, log, metrics } = deps;
  const opened = expiringCache<true>({ ttlMs: WINDOW_S * 1000, maxEntries: MAX_REMEMBERED, clock });
  const receive = receiveWrap(deps);
  const waiting = new Map<string, NostrEvent>();
  const budget = opensBudget(clock);
  let subscription: Subscription | undefined;
  let askAgainAtMs = 0;
  let forgetAtMs = 0;

  const count = (outcome: string) => metrics?.count('inbound_wraps_total', { outcome });
  const take = (wrap: NostrEvent): void => {
    if (waiting.has(wrap.id) || opened.get(wrap.id)) return;
    if (wrap.content.length > MAX_WRAP_CHARS) {
      count('too-large');
      return;
    }
    if (waiting.size >= MAX_WAITING) {
      count('dropped');
      askAgainAtMs = Math.min(askAgainAtMs, clock.now().getTime() + FLOODED_MS);
      return;
    }
    waiting.set(wrap.id, wrap);
  };
  const ask = (): void => {
    subscription?.close();
    askAgainAtMs = clock.now().getTime() + RENEW_MS;
    const filter = { kinds: [GIFT_WRAP_KIND], '#p': [signer.pubkey], since: unixSeconds(clock.now()) - WINDOW_S };
    subscription = pool.subscribe(relays, [filter], {
      onEvent: take,
      onDown: ({ url, message }) => {
        log.info({ relay: url, reason: message }, 'inbox relay is away, tried again');
      },
    });
  };

  return {
    work: async (signal) => {
      const nowMs = clock.now().getTime();
      if (!subscription) for (const id of await store.knownWraps(MAX_REMEMBERED)) opened.set(id, true);
      if (!signal.aborted && (!subscription || askAgainAtMs <= nowMs)) ask();
      if (forgetAtMs <= nowMs) {
        await store.forget({ before: new Date(nowMs - KEPT_MS) });
        forgetAtMs = nowMs + RENEW_MS;
      }
      for (const [id, wrap] of waiting) {
        if (signal.aborted || !budget.take()) return;
        // Taken out last: when the database fails it is tried again.
        count(await receive(wrap));
        opened.set(id, true);
        waiting.delete(id);
      }
    },
    close: () => {
      subscription?.close();
    },
  };
}

/** Opening a wrap costs two decryptions and a signature: a flood may take a part of one CPU, no more. */
const OPENS_PER_S = 50;
const MAX_WAITING = 1_000;
const MAX_REMEMBERED = 20_000;
/** Commands are a word; what a chat client adds is small. */
const MAX_WRAP_CHARS = 20_000;
const RENEW_MS = 3_600_000;
const FLOODED_MS = 300_000;
/** Longer than the window: what is forgotten is too old to be read. */
const KEPT_MS = 2 * WINDOW_S * 1000;

function opensBudget(clock: Clock) {
  let left = OPENS_PER_S;
  let atMs = clock.now().getTime();
  return {
    take: (): boolean => {
      const nowMs = clock.now().getTime();
      left = Math.min(OPENS_PER_S, left + (Math.max(0, nowMs - atMs) / 1000) * OPENS_PER_S);
      atMs = nowMs;
      if (left < 1) return false;
      left -= 1;
      return true;
    },
  };
}

export interface RobotInbox {
  /** For a sweep: looks after the subscription and opens what came. Rejects when the database fails; nothing is lost then. */
  work: (signal: AbortSignal) => Promise<void>;
  close: () => void;
}

export interface InboxDeps {
  pool: Pick<RelayPool, 'subscribe'>;
  signer: Signer;
  /** Where the robot takes messages. */
  relays: readonly string[];
  store: InboundStore;
  isTenant: (pubkey: Pubkey) => Promise<boolean>;
  commands: Texts['commands'];
  /** There is an answer to send. */
  tell: (tenantPubkey: Pubkey) => Promise<void>;
  clock: Clock;
  log: Logger;
  metrics?: Pick<Metrics, 'count'> | undefined;
}
