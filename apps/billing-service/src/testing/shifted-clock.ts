import { systemClock } from '@caravel/domain';
import type { Clock } from '@caravel/domain';

/** The system's clock, moved: several processes and a stand-in agree on a time that a test chooses, and it goes on. */
export function shiftedClock(): Clock & { shiftMs: number } {
  const clock = {
    shiftMs: 0,
    now: () => new Date(systemClock.now().getTime() + clock.shiftMs),
  };
  return clock;
}
