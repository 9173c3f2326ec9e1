import { createPostgresBackend, Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { connectionErrors } from './connection-errors.js';
import { smallPoolConfig } from './postgres-pool.js';
import type { QueueConnection } from './queue-connection.js';
import type { QueueDeps } from './queue-deps.js';

/** One Redis connection that all queues of a producer share, or a small PostgreSQL pool for each. */
export function producerBackend({ databaseUrl, redisUrl }: QueueConnection, deps: QueueDeps): ProducerBackend {
  return redisUrl === undefined ? postgresProducers(databaseUrl, deps) : redisProducers(redisUrl, deps);
}

/** Nobody reads the event stream, so it is kept as short as BullMQ allows. */
const COMMON = { streams: { events: { maxLen: 10 } } };

function redisProducers(redisUrl: string, deps: QueueDeps): ProducerBackend {
  const redis = new Redis(redisUrl, {
    // A command that can't be sent now is dropped: nothing may pile up while Redis is away.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    connectTimeout: 3000,
    // A server that says nothing for so long is given up, so that a lost connection doesn't hang until TCP notices.
    socketTimeout: 15_000,
    retryStrategy: (attempt) => Math.min(100 * attempt, 1000),
  });
  const onError = connectionErrors(deps);
  redis.on('error', onError);
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
