import { AsyncLocalStorage } from 'node:async_hooks';
import { AppError } from '@caravel/domain';
import { JOB_OPTIONS, producerBackend } from './producer-backend.js';
import type { OpenQueue } from './producer-backend.js';
import type { QueueConnection } from './queue-connection.js';
import type { QueueDeps } from './queue-deps.js';

/** Adds jobs, and refuses at once when the queue is away or stuck instead of letting them pile up. */
export function createProducer(connection: QueueConnection, deps: QueueDeps): Producer {
  const backend = producerBackend(connection, deps);
  const queues = new Map<string, OpenQueue>();
  const pending = new Set<{ startedAtMs: number }>();
  // Connections outlive the request that happens to open them; their log lines must not carry its id.
  const outsideOfRequests = AsyncLocalStorage.snapshot();

  const queue = (name: string): OpenQueue => {
    const open = queues.get(name) ?? outsideOfRequests(() => backend.open(name));
    queues.set(name, open);
    return open;
  };
  const stuck = (): boolean => {
    const [oldest] = pending;
    return pending.size >= MAX_PENDING || (oldest !== undefined && performance.now() - oldest.startedAtMs > STUCK_MS);
  };

  return {
    add: async ({ queue: queueName, name, id, data }) => {
      if (backend.down()) throw new QueueUnavailableError('down');
      if (stuck()) throw new QueueUnavailableError('stuck');
      const entry = { startedAtMs: performance.now() };
      pending.add(entry);
      const open = queue(queueName);
      try {
        await open.add(name, data, { ...JOB_OPTIONS, jobId: id });
      } catch (error) {
        // BullMQ remembers a failed start of a queue object for ever; the next job gets a new one.
        if (queues.get(queueName) === open) queues.delete(queueName);
        void open.close().catch(() => undefined);
        throw new QueueUnavailableError('failed', error);
      } finally {
        pending.delete(entry);
      }
    },
    close: async () => {
      await Promise.allSettled([...queues.values()].map((open) => open.close()));
      await backend.close();
    },
  };
}

const MAX_PENDING = 100;
const STUCK_MS = 1000;

/** The queue took no job: it is `down`, `stuck` (answers nothing) or the attempt `failed`. */
export class QueueUnavailableError extends AppError {
  constructor(
    readonly reason: 'down' | 'stuck' | 'failed',
    cause?: unknown,
  ) {
    super('service-unavailable', 'The queue is not available right now. Try again in a moment.', { cause });
  }
}

export interface Producer {
  add: (job: { queue: string; name: string; id: string; data: unknown }) => Promise<void>;
  close: () => Promise<void>;
}
