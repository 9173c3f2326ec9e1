import { inParallel } from '@caravel/service';
import { nowMsOf } from './pay-context.js';
import type { PayContext } from './pay-context.js';
import { recoverPayment } from './recover-payment.js';

/**
 * One round over the payments that are due: whose owner is gone, or whose outcome nobody knows. Any number of processes may do it
 * at once. Resolves with how many networks were asked and how many payments are still open.
 */
export async function reconcile(context: PayContext, signal: AbortSignal): Promise<{ asked: number; open: number }> {
  const { db, rows, log } = context;
  let asked = 0;
  const due = await rows.due(db, nowMsOf(context), BATCH);
  await inParallel(due, PARALLEL, async (row) => {
    if (signal.aborted) return;
    try {
      if (await recoverPayment(context, row, signal)) asked += 1;
    } catch (error) {
      log.error({ err: error, opId: row.opId }, 'a payment could not be recovered; it is tried again');
    }
  });
  return { asked, open: await rows.countOpen(db) };
}

const BATCH = 200;
const PARALLEL = 8;
