import type { Bell } from '@caravel/contracts';
import type { z } from 'zod';
import type { QueueConnection } from './queue-connection.js';
import type { QueueDeps } from './queue-deps.js';

export interface BellRinger {
  /**
   * Rings after a commit. Resolves within 250 ms whatever the queue's state and never rejects because of it: a lost bell
   * is found by the next sweep. Bells of one subject within a second are one job. Throws only on a payload that does
   * not match the bell, which is a defect.
   */
  ring: <Payload extends z.ZodType>(bell: Bell<Payload>, payload: z.input<Payload>) => Promise<void>;
  close: () => Promise<void>;
}

export function bellRinger(_connection: QueueConnection, _deps: QueueDeps): BellRinger {
  throw new Error('being written');
}
