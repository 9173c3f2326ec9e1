import { unixSeconds } from '@caravel/domain';
import { GIFT_WRAP_KIND } from '@caravel/nostr';
import type { Subscription } from '@caravel/nostr';
import type { InboxDeps } from './inbound-port.js';
import { opensBudget } from './opens-budget.js';
import { WINDOW_S } from './read-wrap.js';
import { receiveWrap } from './receive-wrap.js';
import { storedWraps } from './stored-wraps.js';
import { MAX_REMEMBERED, wrapQueue } from './wrap-queue.js';

/**
 * Reads what is sent to the robot at its messaging relays, and notes an answer to each message (`receiveWrap`). Anybody may send
 * wraps, and only opening one tells what is in it: so a wrap is opened once, a bounded number of them a second, and no more wait
 * than fit; what did not fit is asked for again minutes later.
 */
export function robotInbox(deps: InboxDeps): RobotInbox {
  const { pool, signer, relays, store, clock, log, metrics } = deps;
  const receive = receiveWrap(deps);
  const mayOpen = opensBudget(clock);
  let subscription: Subscription | undefined;
  let askAgainAtMs = 0;
  let forgetAtMs = 0;

  const count = (outcome: string) => metrics?.count('inbound_wraps_total', { outcome });
  const queue = wrapQueue({
    clock,
    onDropped: () => {
      count('dropped');
      askAgainAtMs = Math.min(askAgainAtMs, clock.now().getTime() + FLOODED_MS);
    },
    onTooLarge: () => {
      count('too-large');
    },
  });
  const stored = storedWraps(pool, queue.take);

  const ask = (nowMs: number): void => {
    subscription?.close();
    askAgainAtMs = nowMs + RENEW_MS;
    const filter = { kinds: [GIFT_WRAP_KIND], '#p': [signer.pubkey], since: unixSeconds(clock.now()) - WINDOW_S };
    stored.begin(relays, filter);
    subscription = pool.subscribe(relays, [filter], {
      onEvent: queue.take,
      isUnwanted: queue.isUnwanted,
      onDown: ({ url, message }) => {
        log.info({ relay: url, reason: message }, 'inbox relay is away, tried again');
      },
    });
  };

  return {
    work: async (signal) => {
      const nowMs = clock.now().getTime();
      if (!subscription) (await store.knownWraps(MAX_REMEMBERED)).forEach(queue.markOpened);
      if (!signal.aborted && askAgainAtMs <= nowMs) ask(nowMs);
      if (forgetAtMs <= nowMs) {
        await store.forget({ before: new Date(nowMs - KEPT_MS) });
        forgetAtMs = nowMs + RENEW_MS;
      }
      if (queue.hasRoom()) await stored.readPage(signal);
      for (const wrap of queue.waiting()) {
        if (signal.aborted || !mayOpen()) return;
        // Marked last: when the database fails it is tried again.
        count(await receive(wrap));
        queue.markOpened(wrap.id);
      }
    },
    close: () => {
      subscription?.close();
    },
  };
}

/** So that the window moves with the time. */
const RENEW_MS = 3_600_000;
const FLOODED_MS = 300_000;
/** Longer than the window: what is forgotten is too old to be read. */
const KEPT_MS = 2 * WINDOW_S * 1000;

export interface RobotInbox {
  /** For a sweep: looks after the subscription and opens what came. Rejects when the database fails; nothing is lost then. */
  work: (signal: AbortSignal) => Promise<void>;
  close: () => void;
}
