import type { IncomingPayment, OutgoingPayment } from '../lightning/payment-book.js';

/** As `/payments/incoming` shows one. Nulls are left out, times are milliseconds, fees millisatoshis. */
export function incomingView(payment: IncomingPayment, nowMs: number): unknown {
  const { paymentHash, description, invoice, amountMsats, createdAtMs, expiresAtMs, paidAtMs, preimage } = payment;
  const sat = Number(amountMsats / 1000n);
  return {
    type: 'incoming_payment',
    subType: 'lightning',
    paymentHash,
    preimage: preimage ?? '00'.repeat(32),
    description,
    invoice,
    isPaid: paidAtMs !== null,
    isExpired: paidAtMs === null && expiresAtMs <= nowMs,
    requestedSat: sat,
    receivedSat: paidAtMs === null ? 0 : sat,
    fees: 0,
    expiresAt: expiresAtMs,
    ...(paidAtMs !== null && { completedAt: paidAtMs }),
    createdAt: createdAtMs,
  };
}

/** As `/payments/outgoing` shows one: `sent` has the fee in it. */
export function outgoingView(payment: OutgoingPayment): unknown {
  const { id, paymentHash, preimage, state, amountMsats, feeMsats, invoice, completedAtMs, createdAtMs } = payment;
  return {
    type: 'outgoing_payment',
    subType: 'lightning',
    paymentId: id,
    paymentHash,
    ...(preimage !== null && { preimage }),
    isPaid: state === 'paid',
    sent: Number((amountMsats + feeMsats) / 1000n),
    fees: Number(feeMsats),
    invoice,
    ...(completedAtMs !== null && { completedAt: completedAtMs }),
    createdAt: createdAtMs,
  };
}
