import type { Call, Service } from '@caravel/contracts';
import type { z } from 'zod';
import type { QueueWorker } from './bell-worker.js';
import type { QueueConnection } from './queue-connection.js';
import type { JobContext, QueueDeps } from './queue-deps.js';

/** Pairs a call with what answers it; the compiler checks that they fit. */
export function answers<Request extends z.ZodType, Answer extends z.ZodType>(
  _call: Call<Request, Answer>,
  _handler: (request: z.output<Request>, context: JobContext) => Promise<z.input<Answer>>,
): CallAnswerer {
  throw new Error('being written');
}

/** Serves all calls of one service: `startCallWorker('billing-service', [answers(tenantReconcile, reconcile), …], …)`. */
export function startCallWorker(
  _service: Service,
  _answerers: readonly CallAnswerer[],
  _options: CallWorkerOptions,
): QueueWorker {
  throw new Error('being written');
}

export interface CallAnswerer {
  call: Call;
  answer: (request: unknown, context: JobContext) => Promise<unknown>;
}

export interface CallWorkerOptions extends QueueDeps {
  connection: QueueConnection;
  /** Calls answered at the same time; 16 by default. */
  concurrency?: number;
}
