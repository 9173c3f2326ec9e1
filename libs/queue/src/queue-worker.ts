import { createPostgresBackend, Worker } from 'bullmq';
import { withDeadline } from '@caravel/service';
import { connectionErrors } from './connection-errors.js';
import type { QueueConnection } from './queue-connection.js';
import type { QueueDeps } from './queue-deps.js';
import { runningJobs } from './running-jobs.js';

/**
 * Takes jobs from a queue until it is closed, through every outage of the queue. `process` never rejects: it logs what
 * goes wrong, because nothing retries a job but a sweep.
 */
export function startQueueWorker(options: QueueWorkerOptions): QueueWorker {
  const { log, clock, maxRunMs, process, closeMs = 4000, graceMs = 1000 } = options;
  const jobs = runningJobs();
  const onError = connectionErrors({ log, clock });
  let closed = false;
  let retry: NodeJS.Timeout | undefined;
  let worker: OpenWorker | undefined;

  const open = (): void => {
    const opened = openWorker(options, (data) => jobs.run({ maxRunMs }, (signal) => process(data, signal)));
    worker = opened;
    opened.on('error', onError);
    // BullMQ remembers a failed start of a worker for ever: it would never work again.
    opened.waitUntilReady().catch((error: unknown) => {
      void opened.close().catch(() => undefined);
      if (closed) return;
      onError(error instanceof Error ? error : new Error(String(error)));
      retry = setTimeout(open, RETRY_MS);
    });
  };
  open();

  return {
    close: async () => {
      if (closed) return;
      closed = true;
      clearTimeout(retry);
      const closing = worker?.close() ?? Promise.resolve();
      closing.catch(onError);
      await jobs.stop({ graceMs });
      try {
        await withDeadline(closing, { timeoutMs: closeMs - graceMs, what: options.queue });
      } catch (error) {
        log.warn({ err: error, queue: options.queue }, 'worker abandoned while closing');
        // A frozen Redis never closes a connection. On PostgreSQL a worker closes by itself once its handler ends, and
        // never after a disconnect.
        if (options.connection.redisUrl !== undefined) void worker?.disconnect().catch(() => undefined);
      }
    },
  };
}

function openWorker(
  { queue, connection, concurrency, maxRunMs }: QueueWorkerOptions,
  run: (data: unknown) => Promise<void>,
) {
  // One parameter only: a third one would make BullMQ manage an abort signal of its own.
  const processor = ({ data }: { data: unknown }) => run(data);
  const options = {
    concurrency,
    // Longer than the longest handler: a lock that ran out gives the job to somebody else in the middle of it.
    lockDuration: maxRunMs + 15_000,
    runRetryDelay: RETRY_MS,
  };
  if (connection.redisUrl === undefined) {
    const postgres = { connectionString: connection.databaseUrl, max: 2, keepAlive: true, migrate: false };
    return new Worker(queue, processor, { ...options, connection: postgres }, createPostgresBackend);
  }
  const redis = {
    url: connection.redisUrl,
    maxRetriesPerRequest: null,
    connectTimeout: 3000,
    socketTimeout: 15_000,
    retryStrategy: (attempt: number) => Math.min(100 * attempt, 1000),
  };
  return new Worker(queue, processor, { ...options, connection: redis });
}

const RETRY_MS = 1000;

interface OpenWorker {
  on: (event: 'error', listener: (error: Error) => void) => unknown;
  waitUntilReady: () => Promise<unknown>;
  close: () => Promise<void>;
  disconnect: () => Promise<void>;
}

export interface QueueWorker {
  /** Takes no more jobs, gives running ones a second, aborts their signals, and waits a few seconds at most. */
  close: () => Promise<void>;
}

export interface QueueWorkerOptions extends QueueDeps {
  queue: string;
  connection: QueueConnection;
  process: (data: unknown, signal: AbortSignal) => Promise<void>;
  concurrency: number;
  maxRunMs: number;
  /** What `close()` may take, and how much of it jobs get before they are aborted. */
  closeMs?: number;
  graceMs?: number;
}
