import { createPostgresBackend, Queue } from 'bullmq';
import { connectionErrors } from './connection-errors.js';
import { smallPoolConfig } from './postgres-pool.js';
import type { QueueConnection } from './queue-connection.js';
import type { QueueDeps } from './queue-deps.js';
import { openRedis } from './redis-connection.js';

/** One Redis connection that all queues of a producer share, or a small PostgreSQL pool for each. */
export function producerBackend({ databaseUrl, redisUrl }: QueueConnection, deps: QueueDeps): ProducerBackend {
  return redisUrl === undefined ? postgresProducers(databaseUrl, deps) : redisProducers(redisUrl, deps);
}

/** Nobody reads the event stream, so it is kept as short as BullMQ allows. */
const COMMON = { streams: { events: { maxLen: 10 } } };

function redisProducers(redisUrl: string, deps: QueueDeps): ProducerBackend {
  const redis = openRedis(redisUrl, deps);
  const onError = connectionErrors(deps);
  return {
    down: () => redis.status === 'reconnecting' || redis.status === 'close' || redis.status === 'end',
    open: (name) => new Queue(name, { ...COMMON, connection: redis }).on('error', onError),
    close: () => {
      redis.disconnect();
      return Promise.resolve();
    },
  };
}

function postgresProducers(databaseUrl: string, deps: QueueDeps): ProducerBackend {
  const connection = { ...smallPoolConfig(databaseUrl), migrate: false };
  const onError = connectionErrors(deps);
  return {
    down: () => false, // a refused connection says so at once
    open: (name) => new Queue(name, { ...COMMON, connection }, createPostgresBackend).on('error', onError),
    close: () => Promise.resolve(), // each queue closes its own pool
  };
}

export interface ProducerBackend {
  /** Known to be unreachable right now. */
  down: () => boolean;
  open: (queue: string) => OpenQueue;
  close: () => Promise<void>;
}

/** The part of a BullMQ queue that producers use. */
export interface OpenQueue {
  add: (name: string, data: unknown, options: { jobId: string } & typeof JOB_OPTIONS) => Promise<unknown>;
  close: () => Promise<void>;
}

/** A failed job left under its id would block the same bell from then on. */
export const JOB_OPTIONS = { attempts: 1, removeOnComplete: true, removeOnFail: true };
