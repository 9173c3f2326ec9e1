import { inParallel } from '@caravel/service';
import { nowMsOf } from './pay-context.js';
import type { PayContext } from './pay-context.js';
import type { PaymentRow } from './payment-rows.js';
import { recoverPayment } from './recover-payment.js';

/**
 * One round over the payments that are due: whose owner is gone, or whose outcome nobody knows. Any number of processes may do it
 * at once. A wallet that does not answer is asked about two of its payments and left for the next round, so that the others do not
 * wait for it. Resolves with how many networks were asked and how many payments are still open.
 */
export async function reconcile(context: PayContext, signal: AbortSignal): Promise<{ asked: number; open: number }> {
  const { db, rows, log } = context;
  let asked = 0;
  const queues = queuesOf(await rows.due(db, nowMsOf(context), BATCH));
  const lanes = Array.from({ length: PARALLEL_OF_WALLET }, () => queues).flat();
  await inParallel(lanes, PARALLEL, async (queue) => {
    for (let row = queue.shift(); row && !signal.aborted; row = queue.shift()) {
      try {
        const recovered = await recoverPayment(context, row, signal);
        if (recovered !== 'not asked') asked += 1;
        if (recovered === 'silent') queue.length = 0;
      } catch (error) {
        log.error({ err: error, opId: row.opId }, 'a payment could not be recovered; it is tried again');
      }
    }
  });
  return { asked, open: await rows.countOpen(db) };
}

/** One queue for each wallet. */
function queuesOf(due: readonly PaymentRow[]): PaymentRow[][] {
  const queues = new Map<string, PaymentRow[]>();
  for (const row of due) queues.set(row.wallet, [...(queues.get(row.wallet) ?? []), row]);
  return [...queues.values()];
}

const BATCH = 200;
const PARALLEL = 8;
const PARALLEL_OF_WALLET = 2;
