import { RateLimiterRedis } from 'rate-limiter-flexible';
import { RATE_WINDOW_MS } from './rate-windows.js';
import type { SharedCounts } from './rate-windows.js';

/** Counts of all processes in Redis. `client` is an ioredis connection that fails at once while Redis is away. */
export function redisCounts(client: unknown): SharedCounts {
  const counter = new RateLimiterRedis({
    storeClient: client,
    keyPrefix: 'caravel-rate',
    points: Number.MAX_SAFE_INTEGER, // only counts; who may do what is decided by `rateWindows`
    duration: RATE_WINDOW_MS / 1000,
  });
  return {
    add: (counts) =>
      Promise.all(
        counts.map(async ({ key, points }) => {
          const { consumedPoints, msBeforeNext } = await counter.penalty(key, points);
          return { key, points: consumedPoints, resetsInMs: msBeforeNext };
        }),
      ),
  };
}
