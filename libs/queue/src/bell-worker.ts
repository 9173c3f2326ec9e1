import type { Bell } from '@caravel/contracts';
import type { z } from 'zod';
import type { QueueConnection } from './queue-connection.js';
import type { JobContext, QueueDeps } from './queue-deps.js';

/**
 * Handles one bell. May run twice, in any order, and next to itself (other subjects, other processes): every step is
 * idempotent, and it ends only after a re-read finds nothing new. What it throws is logged once and not retried by the
 * queue; the sweep is.
 */
export type BellHandler<Payload> = (payload: Payload, context: JobContext) => Promise<void>;

export function startBellWorker<Payload extends z.ZodType>(
  _bell: Bell<Payload>,
  _handler: BellHandler<z.output<Payload>>,
  _options: BellWorkerOptions,
): QueueWorker {
  throw new Error('being written');
}

export interface BellWorkerOptions extends QueueDeps {
  connection: QueueConnection;
  /** Jobs handled at the same time by this worker; 4 by default. */
  concurrency?: number;
  /** The handler's signal is aborted after this time; 30 s by default. */
  maxRunMs?: number;
}

export interface QueueWorker {
  /** Takes no more jobs, aborts the running ones, and waits a few seconds at most. */
  close: () => Promise<void>;
}
