import type { checkOffers } from './check-offers.js';
import { CLAIM_LIMIT } from './claim-limit.js';

/** Asks about every offer whose time has come. Claims are taken one batch at a time, so replicas share the work. */
export function sweepOffers(check: ReturnType<typeof checkOffers>) {
  return async (signal: AbortSignal): Promise<void> => {
    while (!signal.aborted && (await check('due', { signal })) === CLAIM_LIMIT);
  };
}
