import type { NetworkRecord } from '@caravel/pay-provider';
import { msatsDown, msatsUp, satsAmount } from '../sats.js';
import type { PhoenixdIncoming, PhoenixdOutgoing } from './phoenixd-answers.js';

export function incomingRecord(payment: PhoenixdIncoming): NetworkRecord {
  const { paymentHash, isPaid, isExpired = false, receivedSat, requestedSat = 0, createdAt, completedAt } = payment;
  return {
    transactionId: paymentHash,
    direction: 'receive',
    amount: satsAmount(BigInt(isPaid ? receivedSat : requestedSat)),
    status: isPaid ? 'confirmed' : isExpired ? 'failed' : 'pending',
    ...(payment.fees > 0 && { fee: satsAmount(msatsUp(BigInt(payment.fees))) }),
    // The payee knows it from the beginning; it proves something once it was paid for.
    ...(isPaid && { preimage: payment.preimage }),
    ...(payment.description !== undefined && { memo: payment.description }),
    createdAtMs: createdAt,
    ...(completedAt !== undefined && { confirmedAtMs: completedAt }),
  };
}

/** Undefined for what is no payment on Lightning: a splice to an address has no payment hash. */
export function outgoingRecord(payment: PhoenixdOutgoing): NetworkRecord | undefined {
  const { paymentHash, isPaid, preimage, sent, fees, completedAt, createdAt } = payment;
  if (paymentHash === undefined) return undefined;
  const feeMsats = BigInt(fees);
  return {
    transactionId: paymentHash,
    direction: 'send',
    amount: satsAmount(BigInt(sent) - msatsDown(feeMsats)),
    status: isPaid ? 'confirmed' : completedAt === undefined ? 'pending' : 'failed',
    fee: satsAmount(msatsDown(feeMsats)),
    ...(isPaid && { preimage }),
    createdAtMs: createdAt,
    ...(isPaid && completedAt !== undefined && { confirmedAtMs: completedAt }),
  };
}
