import type { Call } from '@caravel/contracts';
import type { z } from 'zod';
import type { QueueConnection } from './queue-connection.js';
import type { QueueDeps } from './queue-deps.js';

export interface CallClient {
  /**
   * Asks the service that serves the call. Throws `AppError('service-unavailable')` when there is no answer by the
   * call's deadline, and the answering handler's own `AppError` (code and message) when it threw one.
   */
  ask: <Request extends z.ZodType, Answer extends z.ZodType>(
    call: Call<Request, Answer>,
    request: z.input<Request>,
    options?: { signal?: AbortSignal | undefined },
  ) => Promise<z.output<Answer>>;
  close: () => Promise<void>;
}

export function callClient(_connection: QueueConnection, _deps: QueueDeps): CallClient {
  throw new Error('being written');
}
