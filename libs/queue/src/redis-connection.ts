import { Redis } from 'ioredis';
import { connectionErrors } from './connection-errors.js';
import type { QueueDeps } from './queue-deps.js';

/** A connection whose commands fail at once while Redis is away: nothing piles up, and what Redis holds may be lost. */
export function openRedis(redisUrl: string, deps: QueueDeps): Redis {
  const redis = new Redis(redisUrl, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    connectTimeout: 3000,
    // A server that says nothing for so long is given up, so that a lost connection doesn't hang until TCP notices.
    socketTimeout: 15_000,
    retryStrategy: (attempt) => Math.min(100 * attempt, 1000),
  });
  redis.on('error', connectionErrors(deps));
  return redis;
}
