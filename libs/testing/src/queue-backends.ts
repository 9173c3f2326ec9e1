/** What libs/queue needs to reach a back end. */
export interface QueueBackend {
  name: 'redis' | 'postgres';
  redisUrl?: string;
}

/**
 * The back ends a test must hold on: PostgreSQL always, Redis where the run has one. For `describe.each`. In `.ci/run`
 * Redis is always there; elsewhere a missing one is named by `npm test`. Test files that run side by side get a Redis
 * database each, so that none answers the other's bells.
 */
export function queueBackends(): QueueBackend[] {
  const redis = process.env['TEST_REDIS_URL'];
  if (!redis) return [{ name: 'postgres' }];
  const redisUrl = new URL(`/${process.env['JEST_WORKER_ID'] ?? '0'}`, redis).href;
  return [{ name: 'postgres' }, { name: 'redis', redisUrl }];
}
