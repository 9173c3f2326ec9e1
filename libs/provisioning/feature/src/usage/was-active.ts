import type { CountedRelay, UsageLook } from './usage-ports.js';

/**
 * Whether anything happened at a relay between two looks: another newest event, more events than before (older ones that were
 * imported), or other members. Fewer events are no sign of life: events expire by themselves. Null when that can't be said: at the first look, and
 * when one of them could not read events and members. Pure.
 */
export function wasActive(
  before: CountedRelay['before'],
  now: Pick<UsageLook, 'newestEvent' | 'membersHash' | 'events'>,
): boolean | null {
  if (differ(before.newestEvent, now.newestEvent) || differ(before.membersHash, now.membersHash)) return true;
  if (before.events !== null && now.events !== null && now.events > before.events) return true;
  const seen = [before.newestEvent, before.membersHash, now.newestEvent, now.membersHash];
  return seen.includes(null) ? null : false;
}

const differ = (before: string | null, now: string | null): boolean =>
  before !== null && now !== null && before !== now;
