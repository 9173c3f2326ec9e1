import type { Clock } from '@caravel/domain';
import type { Logger, Metrics } from '@caravel/service';

/** What every part of this library is given. */
export interface QueueDeps {
  log: Logger;
  clock: Clock;
  metrics?: Metrics | undefined;
}

/** What a handler of a bell or a call is given besides the payload. */
export interface JobContext {
  log: Logger;
  /** Aborted when the handler has run for `maxRunMs`, and when the worker closes. */
  signal: AbortSignal;
  /** The id of the HTTP request (or job) that began this; a fresh one when there was none. */
  requestId: string;
}
