import type { Clock } from '@caravel/domain';
import type { Logger } from '@caravel/service';
import type { DeliverMessages } from './deliver-messages.js';
import type { Messages } from './message-port.js';

/**
 * Finds what no bell announced: lost bells, retries whose time has come, messages that were to wait, claims of crashed
 * workers. Ends when nothing is due.
 */
export function sweepMessages({ messages, deliver, clock, log }: SweepMessagesDeps) {
  return async (signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      const tenants = await messages.dueTenants({ now: clock.now(), limit: BATCH });
      if (tenants.length === 0) return;
      const waiting = tenants.values();
      const worker = async (): Promise<void> => {
        for (const tenantPubkey of waiting) {
          if (signal.aborted) return;
          await deliver({ tenantPubkey }, { log, signal });
        }
      };
      // Waits for all even when one breaks off, so that a sweep never runs next to itself.
      const ended = await Promise.allSettled(Array.from({ length: WORKERS }, worker));
      const broken = ended.find((result) => result.status === 'rejected');
      if (broken) throw new Error('messages could not be worked off', { cause: broken.reason });
    }
  };
}

const BATCH = 200;
/** Tenants served at the same time: a delivery is seconds of waiting for relays far away, and milliseconds of work. */
const WORKERS = 32;

export interface SweepMessagesDeps {
  messages: Pick<Messages, 'dueTenants'>;
  deliver: DeliverMessages;
  clock: Clock;
  log: Logger;
}
