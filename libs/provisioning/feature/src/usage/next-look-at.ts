import { createHash } from 'node:crypto';
import type { Id } from '@caravel/domain';

const DAY_MS = 86_400_000;

/**
 * When a relay is looked at next: every relay has its own moment of the day (UTC), spread evenly over all relays, so that no
 * day has two looks and zooid never all of them at once. Pure.
 */
export function nextLookAt(relayId: Id, now: Date): Date {
  const offsetMs = createHash('sha256').update(relayId).digest().readUIntBE(0, 6) % DAY_MS;
  const tomorrowMs = (Math.floor(now.getTime() / DAY_MS) + 1) * DAY_MS;
  return new Date(tomorrowMs + offsetMs);
}

/** After a look that failed: an hour later, as long as the day has hours. */
export function lookAgainAt(now: Date): Date {
  return new Date(now.getTime() + 3_600_000);
}
