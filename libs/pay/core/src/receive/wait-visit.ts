import { PayError } from '@caravel/pay-protocol';
import { toldError } from '../control/told-error.js';
import { receiptLook } from './look.js';
import type { ReceiveRow } from './receive-rows.js';
import type { WaitsDeps } from './waits.js';

/** One look at a wait whose lease the `owner` has. Ends the row as what was seen says, or plans the next look. */
export function waitVisit({ db, rows, wallets, history, clock, log, owner }: WaitsDeps & { owner: string }) {
  const look = receiptLook({ wallets, rows });
  const nowMs = () => clock.now().getTime();

  const conclude = async (row: ReceiveRow, signal: AbortSignal): Promise<void> => {
    const lookedAtMs = nowMs();
    const receipt = await look(row, signal);
    if (receipt.state === 'paid') {
      const { record } = receipt;
      const isOurs = await db.transaction(async (tx) => {
        if (!(await rows.paid(tx, row, record))) return false;
        await history.record(tx, { id: row.walletId, network: row.network }, record);
        return true;
      });
      if (isOurs) return;
    }
    if (receipt.state === 'failed') await rows.end(row, owner, { state: 'failed', failure: receipt.reason });
    else if (lookedAtMs >= row.deadlineMs) await rows.end(row, owner, { state: 'timed_out' });
    else await rows.release(row, owner, Math.min(nowMs() + row.pollMs, Math.max(row.deadlineMs, nowMs())));
  };

  return async (row: ReceiveRow, signal: AbortSignal): Promise<void> => {
    try {
      await conclude(row, signal);
    } catch (error) {
      const { message: failure } = toldError(error, log);
      const isFinal = error instanceof PayError && !error.retryable && FINAL.has(error.code);
      const isLate = nowMs() >= row.deadlineMs && !signal.aborted;
      if (isFinal || isLate) await rows.end(row, owner, { state: isFinal ? 'failed' : 'timed_out', failure });
      else await rows.release(row, owner, signal.aborted ? 0 : nowMs() + row.pollMs);
    }
  };
}

/** Nothing that time would mend. */
const FINAL: ReadonlySet<string> = new Set(['wallet_not_found', 'not_implemented', 'permission_denied']);
