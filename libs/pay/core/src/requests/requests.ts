import { errorOutput, PayError } from '@caravel/pay-protocol';
import type { Requests } from '../books.js';
import type { CoreDeps } from '../pay-call.js';
import { admit, LEASE_MS } from './admit.js';
import { requestRows } from './request-rows.js';

/**
 * Idempotency of Inputs that change something and pay nothing. What is done is kept, sealed, for 400 days. Of a process that died
 * in the middle the lease lapses within a minute, and the next call with the id does it again: a handler must leave the same state
 * when it runs twice. What failed is done again by a repeat.
 */
export function requests({ db, clock, sealer }: Pick<CoreDeps, 'db' | 'clock' | 'sealer'>): Requests {
  const rows = requestRows(sealer);
  return {
    once: async (input, call, work) => {
      const admitted = await admit({ db, clock, rows }, { input, call });
      if ('answer' in admitted) return admitted.answer;
      const { ticket } = admitted;
      const beat = setInterval(() => {
        // A beat that is missed is no harm; the next one follows.
        rows.hold(db, ticket, clock.now().getTime() + LEASE_MS).catch(() => undefined);
      }, LEASE_MS / 3).unref();
      try {
        const output = await work();
        await rows.answer(db, ticket, { output, nowMs: clock.now().getTime() });
        return output;
      } catch (error) {
        const failure = error instanceof PayError ? error : new PayError('internal_error', 'it failed');
        await rows.answer(db, ticket, { output: errorOutput(failure, input.id), nowMs: clock.now().getTime() });
        throw error;
      } finally {
        clearInterval(beat);
      }
    },
  };
}
