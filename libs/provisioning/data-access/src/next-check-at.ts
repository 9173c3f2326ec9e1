import type { Id } from '@caravel/domain';

/**
 * When a relay that was just seen is checked again: after half a day to a whole one, by the random end of its id, so that
 * relays that were all seen at once are spread out. Pure.
 */
export function nextCheckAt(relayId: Id, now: Date): Date {
  const evenly = Number.parseInt(relayId.slice(-4), 16) / 65_536;
  return new Date(now.getTime() + HALF_A_DAY_MS * (1 + evenly));
}

const HALF_A_DAY_MS = 12 * 3_600_000;
