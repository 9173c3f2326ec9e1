/**
 * Where queues live: Redis when `redisUrl` is set, else BullMQ's PostgreSQL back end in the database's schema `bullmq`
 * (made by `tools/migrate.mjs`). Answers of calls always live in PostgreSQL.
 */
export interface QueueConnection {
  databaseUrl: string;
  redisUrl?: string | undefined;
}
