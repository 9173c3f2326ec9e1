import type { Bell } from '@caravel/contracts';
import { currentRequestId, DeadlineError, withDeadline } from '@caravel/service';
import type { z } from 'zod';
import { bellJobId } from './bell-envelope.js';
import type { BellEnvelope } from './bell-envelope.js';
import { createProducer, QueueUnavailableError } from './producer.js';
import type { QueueConnection } from './queue-connection.js';
import type { QueueDeps } from './queue-deps.js';

/** The producer of bells; one per process, made at start. */
export function bellRinger(connection: QueueConnection, deps: QueueDeps): BellRinger {
  const { log, clock, metrics } = deps;
  const producer = createProducer(connection, deps);
  return {
    ring: async (bell, input) => {
      const payload = bell.payload.parse(input);
      const id = bellJobId(bell.subject(payload), clock.now());
      const envelope: BellEnvelope = { payload, requestId: currentRequestId() };
      const added = producer.add({ queue: bell.name, name: bell.name, id, data: envelope });
      try {
        await withDeadline(added, { timeoutMs: PATIENCE_MS, what: 'the queue' });
      } catch (error) {
        const reason = reasonOf(error);
        metrics?.count('bells_dropped_total', { bell: bell.name, reason });
        log.warn({ bell: bell.name, reason, err: error }, 'bell not rung, left to the sweep');
      }
    },
    close: () => producer.close(),
  };
}

const PATIENCE_MS = 250;

function reasonOf(error: unknown): string {
  if (error instanceof QueueUnavailableError) return error.reason;
  return error instanceof DeadlineError ? 'late' : 'failed';
}

export interface BellRinger {
  /**
   * Rings after a commit. Resolves within 250 ms whatever the queue's state and never rejects because of it: a lost bell
   * is found by the next sweep. Bells of one subject within a second are one job. Throws only on a payload that does
   * not match the bell, which is a defect.
   */
  ring: <Payload extends z.ZodType>(bell: Bell<Payload>, payload: z.input<Payload>) => Promise<void>;
  close: () => Promise<void>;
}
