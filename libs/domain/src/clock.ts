/** Time comes in from outside, so that a simulator can drive the same code through years. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };

/** A clock that stands still until it is told to move: for tests and the simulator. */
export function manualClock(startS: number): Clock & { set(unixS: number): void; advance(seconds: number): void } {
  let atMs = startS * 1000;
  return {
    now: () => new Date(atMs),
    set: (unixS) => {
      atMs = unixS * 1000;
    },
    advance: (seconds) => {
      atMs += seconds * 1000;
    },
  };
}

/** Whole unix seconds, cut off, as the API and the billing rules count time. */
export function unixSeconds(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}

export function fromUnixSeconds(seconds: number): Date {
  return new Date(seconds * 1000);
}
