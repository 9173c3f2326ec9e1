import type { Clock } from '@caravel/domain';

/** A clock that begins at a second of ours and runs like any other, so that ids grow as they do in a service. */
export function runningClock(startS: number): Clock {
  const startedAt = performance.now();
  return { now: () => new Date(startS * 1000 + performance.now() - startedAt) };
}
