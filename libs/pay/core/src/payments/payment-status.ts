import { PayError } from '@caravel/pay-protocol';
import type { InputOf, Output, OutputOf } from '@caravel/pay-protocol';
import type { PayCall } from '../pay-call.js';
import { takeNonce } from '../requests/admit.js';
import { opIdOf } from '../requests/request-key.js';
import type { RequestRow } from '../requests/request-rows.js';
import { findRequest } from './find-request.js';
import { nowMsOf } from './pay-context.js';
import type { PayContext } from './pay-context.js';

/**
 * What became of a payment. With `close_if_unknown` an id never seen is closed in the same statement: asking is then a proof that
 * nothing was and nothing will be paid under it.
 */
export async function paymentStatus(
  context: PayContext,
  { id, request_id, close_if_unknown = false }: InputOf<'payment_status'>,
  call: PayCall,
): Promise<OutputOf<'payment_status'>> {
  const { db } = context;
  if (close_if_unknown && call.v1Nonce) {
    await takeNonce(db, call.caller, { nonce: call.v1Nonce, nowMs: nowMsOf(context) });
  }
  return stateUnder(context, { id, request_id, close_if_unknown }, call);
}

async function stateUnder(
  context: PayContext,
  { id, request_id, close_if_unknown }: StatusAsk,
  call: PayCall,
): Promise<OutputOf<'payment_status'>> {
  const { db, requestRows } = context;
  const about = { code: 'payment_status', id, request_id } as const;
  const row = await findRequest(context, request_id, call);
  if (!row) {
    if (!close_if_unknown) return { ...about, state: 'never_seen' };
    const key = { keyName: call.caller.keyName, requestId: request_id };
    if (await requestRows.close(db, key, nowMsOf(context))) return { ...about, state: 'closed' };
    // It came in this moment.
    return stateUnder(context, { id, request_id, close_if_unknown }, call);
  }
  if (row.state === 'closed') return { ...about, state: 'closed' };
  if (row.code !== 'send' && row.code !== 'cashu_send') {
    throw new PayError('invalid_argument', 'the request under this id is no payment');
  }
  if (row.state === 'done') return { ...about, state: stateOf(row.answer), ...(row.answer && { output: row.answer }) };
  return { ...about, state: await stateOfRunning(context, row, close_if_unknown) };
}

/** An answer that is no refusal says that it was sent. */
function stateOf(answer: Output | undefined): OutputOf<'payment_status'>['state'] {
  if (answer?.code === 'approval_required') return 'awaiting_approval';
  return answer?.code === 'sent' || answer?.code === 'cashu_sent' ? 'sent' : 'not_sent';
}

async function stateOfRunning(
  context: PayContext,
  row: RequestRow,
  close: boolean,
): Promise<OutputOf<'payment_status'>['state']> {
  const { db, rows, requestRows } = context;
  const payment = await rows.find(db, opIdOf(row, row.attempt));
  if (payment?.state === 'dispatched' || payment?.state === 'unknown') return payment.state;
  const nowMs = nowMsOf(context);
  const isLeft = payment === undefined && row.leaseUntilMs <= nowMs;
  if (close && isLeft && (await requestRows.closeRow(db, row, nowMs))) return 'closed';
  return 'reserved';
}

interface StatusAsk {
  id: string;
  request_id: string;
  close_if_unknown: boolean;
}
