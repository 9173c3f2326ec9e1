import { randomUUID } from 'node:crypto';
import type { Bell } from '@caravel/contracts';
import { withRequestId } from '@caravel/service';
import type { z } from 'zod';
import { bellEnvelopeSchema } from './bell-envelope.js';
import type { QueueConnection } from './queue-connection.js';
import type { JobContext, QueueDeps } from './queue-deps.js';
import { startQueueWorker } from './queue-worker.js';
import type { QueueWorker } from './queue-worker.js';

/**
 * Handles one bell. May run twice, in any order, and next to itself (other subjects, other processes): every step is
 * idempotent, and it ends only after a re-read finds nothing new. What it throws is logged once and not retried by the
 * queue; the sweep is what retries.
 */
export type BellHandler<Payload> = (payload: Payload, context: JobContext) => Promise<void>;

/** Calls the handler for every job of the bell until it is closed. Works on after the queue was emptied or restarted. */
export function startBellWorker<Payload extends z.ZodType>(
  bell: Bell<Payload>,
  handler: BellHandler<z.output<Payload>>,
  { concurrency = 4, maxRunMs = 30_000, ...deps }: BellWorkerOptions,
): QueueWorker {
  const process = async (data: unknown, signal: AbortSignal): Promise<void> => {
    const envelope = bellEnvelopeSchema.safeParse(data);
    const requestId = envelope.data?.requestId ?? randomUUID();
    const log = deps.log.child({ bell: bell.name });
    await withRequestId(requestId, async () => {
      try {
        const payload = bell.payload.parse(envelope.data?.payload);
        await handler(payload, { log, signal, requestId });
        deps.metrics?.count('bells_handled_total', { bell: bell.name, outcome: 'ok' });
      } catch (error) {
        deps.metrics?.count('bells_handled_total', { bell: bell.name, outcome: 'error' });
        log.error({ err: error }, 'bell failed, left to the sweep');
      }
    });
  };
  return startQueueWorker({ ...deps, queue: bell.name, process, concurrency, maxRunMs });
}

export interface BellWorkerOptions extends QueueDeps {
  connection: QueueConnection;
  /** Jobs handled at the same time by this worker; 4 by default. */
  concurrency?: number;
  /** The handler's signal is aborted after this time; 30 s by default. */
  maxRunMs?: number;
}
