import { PayError } from '@caravel/pay-protocol';
import type { Output } from '@caravel/pay-protocol';
import type { RequestKey } from '@caravel/pay-provider';
import { timeLeftMs } from '../control/bounded-call.js';
import { releasedSignal } from '../control/released-signal.js';
import { historyRecord } from '../history/history-record.js';
import type { HistoryRows } from '../history/history-rows.js';
import type { CoreDeps, PayCall } from '../pay-call.js';
import { isOver } from './receive-rows.js';
import type { ReceiveRow, ReceiveRows } from './receive-rows.js';
import type { ReceiveWaits } from './waits.js';

/** Waits with a stored wait until it is over, or the caller leaves, which ends nothing but the attention. */
export type Attend = (request: RequestKey, call: PayCall) => Promise<Output>;

export function attend({ rows, waits, history, clock }: AttendDeps): Attend {
  return async (request, call) => {
    const row = await rows.find(request);
    if (!row) throw new PayError('invalid_request', 'no `receive` was asked for under this id');
    if (isOver(row)) return ending(row, history);
    const timeoutMs = call.deadlineMs === undefined ? undefined : timeLeftMs(call, clock, LONGEST_MS);
    const { signal, release } = releasedSignal(call.signal, timeoutMs);
    try {
      return await ending(await waits.over(request, { everyMs: row.pollMs, signal }), history);
    } finally {
      release();
    }
  };
}

/** What a wait that is over answers, as often as it is asked. */
export async function ending(row: ReceiveRow, history: HistoryRows): Promise<Output> {
  const { walletId, network, transactionId, confirmations, state } = row;
  if (state !== 'paid' || transactionId === undefined) throw notPaid(row);
  const record = await history.one(walletId, transactionId, 'receive');
  if (!record) throw new PayError('internal_error', 'the record of a receipt is gone');
  if (network === 'ln' || network === 'cashu')
    return { code: 'receive_claimed', wallet: walletId, amount: record.amount };
  return {
    code: 'history_status',
    transaction_id: transactionId,
    status: record.status,
    ...((confirmations ?? row.awaited.minConfirmations) !== undefined && {
      confirmations: confirmations ?? row.awaited.minConfirmations,
    }),
    item: historyRecord({ id: walletId, network }, record),
  };
}

function notPaid({ state, failure }: ReceiveRow): PayError {
  if (state === 'failed') {
    return new PayError('network_error', failure ?? 'it can no longer be paid', { retryable: false });
  }
  return new PayError('network_error', failure === undefined ? 'not paid in time' : `not paid in time: ${failure}`, {
    hint: 'Ask `receive` with the same id to wait on, or `receive_claim`',
  });
}

/** A day and a minute: longer than any wait. */
const LONGEST_MS = 86_460_000;

interface AttendDeps extends Pick<CoreDeps, 'clock'> {
  rows: ReceiveRows;
  waits: ReceiveWaits;
  history: HistoryRows;
}
