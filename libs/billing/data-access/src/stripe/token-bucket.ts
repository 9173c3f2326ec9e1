/**
 * How many requests a second may leave, with bursts of as many. `reserve` answers how long to wait before the request, or
 * null when that would be longer than `maxWaitMs`: then nothing is reserved. Pure: time is what the caller says it is.
 */
export function tokenBucket({ perSecond, maxWaitMs }: { perSecond: number; maxWaitMs: number }): TokenBucket {
  let tokens = perSecond;
  let refilledAtMs = -Infinity;
  let closedUntilMs = -Infinity;
  const refill = (nowMs: number): void => {
    const passedMs = Math.max(0, nowMs - refilledAtMs);
    tokens = Math.min(perSecond, tokens + (passedMs / 1000) * perSecond);
    refilledAtMs = nowMs;
  };
  return {
    reserve: (nowMs) => {
      refill(nowMs);
      const emptyMs = tokens >= 1 ? 0 : ((1 - tokens) / perSecond) * 1000;
      const waitMs = Math.max(emptyMs, closedUntilMs - nowMs);
      if (waitMs > maxWaitMs) return { refusedForMs: waitMs };
      tokens -= 1;
      return { waitMs };
    },
    close: (untilMs) => {
      closedUntilMs = Math.max(closedUntilMs, untilMs);
    },
  };
}

export interface TokenBucket {
  reserve: (nowMs: number) => { waitMs: number } | { refusedForMs: number };
  /** The other side said when to come again. */
  close: (untilMs: number) => void;
}
