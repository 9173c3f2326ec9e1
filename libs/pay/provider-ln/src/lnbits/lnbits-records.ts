import type { NetworkRecord } from '@caravel/pay-provider';
import { msatsDown, msatsUp, satsAmount } from '../sats.js';
import type { LnbitsLookup, LnbitsPayment } from './lnbits-answers.js';

export function paymentRecord(payment: LnbitsPayment): NetworkRecord {
  const isOut = payment.amount < 0;
  const status = stateOf(payment);
  const msats = BigInt(Math.abs(payment.amount));
  const { preimage, memo } = payment;
  return {
    transactionId: payment.payment_hash,
    direction: isOut ? 'send' : 'receive',
    amount: satsAmount(msatsDown(msats)),
    status,
    ...(isOut && { fee: satsAmount(msatsDown(feeMsatsOf(payment))) }),
    ...(status === 'confirmed' && typeof preimage === 'string' && preimage !== '' && { preimage }),
    ...(typeof memo === 'string' && memo !== '' && { memo }),
    createdAtMs: payment.time ?? payment.created_at ?? 0,
  };
}

/** Before 1.0 a payment that failed is one that is not pending; only a preimage tells it from one that was made. */
function stateOf({ status, pending, amount, preimage }: LnbitsPayment): NetworkRecord['status'] {
  if (status !== undefined) return STATES[status];
  if (pending !== false) return 'pending';
  return amount > 0 || (typeof preimage === 'string' && !/^0*$/.test(preimage)) ? 'confirmed' : 'failed';
}

/** A lookup's own word, else that of the payment in it; undefined before 1.0. */
export const lookupStatus = ({ status, details }: LnbitsLookup): LnbitsPayment['status'] => status ?? details?.status;

export const feeSatsOf = (payment: LnbitsPayment): bigint => msatsUp(feeMsatsOf(payment));

/** Releases disagree about its sign. */
const feeMsatsOf = ({ fee }: LnbitsPayment): bigint => BigInt(Math.abs(fee ?? 0));

const STATES = { pending: 'pending', success: 'confirmed', failed: 'failed' } as const;
