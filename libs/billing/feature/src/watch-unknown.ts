import type { Clock, Id, Pubkey } from '@caravel/domain';
import type { Logger } from '@caravel/service';
import type { Gauge } from './observe.js';

const ALERT_AFTER_MS = 86_400_000;
const ALERT_EVERY_MS = 3_600_000;

/**
 * Says how long the longest unknown attempt has been so (`billing_oldest_unknown_attempt_seconds`, 0 without one): time alone never
 * ends one, so a person has to look at what stays unknown for more than a day. Told at most once an hour.
 */
export function watchUnknown({ collection, gauge, clock, log }: WatchUnknownDeps) {
  let toldMs = -Infinity;
  return async (): Promise<void> => {
    const oldest = await collection.oldestUnknown();
    const nowMs = clock.now().getTime();
    const ageMs = oldest ? Math.max(0, nowMs - oldest.dispatchedAt.getTime()) : 0;
    gauge('billing_oldest_unknown_attempt_seconds', Math.floor(ageMs / 1000));
    if (!oldest || ageMs <= ALERT_AFTER_MS || nowMs - toldMs < ALERT_EVERY_MS) return;
    toldMs = nowMs;
    log.error({ alert: 'unknown-attempt', ...oldest }, 'nobody knows for more than a day how an attempt ended');
  };
}

export interface WatchUnknownDeps {
  collection: { oldestUnknown: () => Promise<{ attemptId: Id; tenantPubkey: Pubkey; dispatchedAt: Date } | null> };
  gauge: Gauge;
  clock: Clock;
  log: Logger;
}
