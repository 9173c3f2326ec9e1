import { PayError } from '@caravel/pay-protocol';
import type { InputOf, OutputOf } from '@caravel/pay-protocol';
import type { PayCall } from '../pay-call.js';
import { opIdOf } from '../requests/request-key.js';
import { completePayment } from './complete-payment.js';
import { findRequest } from './find-request.js';
import { nowMsOf } from './pay-context.js';
import type { PayContext } from './pay-context.js';
import { refusal } from './payment-outputs.js';
import type { Proven } from './payment-record.js';
import type { PaymentRow } from './payment-rows.js';

/**
 * Ends a payment whose outcome nobody can prove, by the word of the operator, who is named with the reason. What was sent is
 * counted as all that was held; `sent` also overrides a proof that it was not.
 */
export async function resolvePayment(
  context: PayContext,
  { id, request_id, outcome, reason }: InputOf<'payment_resolve'>,
  call: PayCall,
): Promise<OutputOf<'payment_resolved'>> {
  if (!call.caller.isLocal)
    throw new PayError('permission_denied', 'a payment is resolved on the machine of the wallet only');
  const { db, rows, log } = context;
  const request = await findRequest(context, request_id, call);
  const row = request && (await rows.find(db, opIdOf(request, request.attempt)));
  if (!row?.state) throw new PayError('invalid_argument', 'no payment was made under this id');
  const isAtWork = row.finishedAtMs === null && row.leaseUntilMs > nowMsOf(context);
  if (isAtWork) throw new PayError('in_progress', 'the payment is being worked on');
  if (row.proven && (row.proven.outcome === 'sent' || outcome === 'not_sent')) {
    if (row.proven.outcome === outcome) return { code: 'payment_resolved', id, request_id, outcome };
    throw new PayError('invalid_argument', 'the payment is proven to be sent');
  }
  const by = call.caller.keyName;
  await rows.audit(db, row.opId, { by, reason });
  log.warn({ audit: 'payment_resolve', opId: row.opId, outcome, by, reason }, 'a payment was resolved by hand');
  await completePayment(context, row.opId, outcome === 'sent' ? said(row) : refusal(NOT_SENT));
  return { code: 'payment_resolved', id, request_id, outcome };
}

function said({ opId, details, debits }: PaymentRow): Proven {
  return {
    outcome: 'sent',
    transactionId: details?.paymentKey ?? opId,
    amount: details?.amount ?? { value: 0n, token: 'sats' },
    debits: debits.map(({ unit, amount }) => ({ unit, amount })),
    status: 'confirmed',
  };
}

const NOT_SENT = new PayError('unavailable', 'the operator says that the payment was not sent');
