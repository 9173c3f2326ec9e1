/** What libs/queue needs to reach a back end. */
export interface QueueBackend {
  name: 'redis' | 'postgres';
  redisUrl?: string;
}

/**
 * The back ends a test must hold on: PostgreSQL always, Redis where the run has one. For `describe.each`. In `.ci/run`
 * Redis is always there; elsewhere a missing one is named by `npm test`.
 */
export function queueBackends(): QueueBackend[] {
  const redisUrl = process.env['TEST_REDIS_URL'];
  return [{ name: 'postgres' }, ...(redisUrl ? [{ name: 'redis' as const, redisUrl }] : [])];
}
