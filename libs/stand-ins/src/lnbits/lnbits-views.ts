import type { IncomingPayment, OutgoingPayment } from '../lightning/payment-book.js';

/** LNbits 1.x and 0.12 show the same payment in two forms. */
export type LnbitsVersion = '1.5' | '0.12';

/** One wallet's view of a payment: `amount` is negative for what left, amounts and fees are millisatoshis. */
export function lnbitsPayment(payment: LnbitsEntry, version: LnbitsVersion): LnbitsPayment {
  const { paymentHash, invoice, createdAtMs } = payment;
  const isOut = 'feeMsats' in payment;
  const state = isOut ? payment.state : payment.paidAtMs === null ? 'pending' : 'paid';
  const common = {
    checking_id: isOut ? payment.id : paymentHash,
    payment_hash: paymentHash,
    wallet_id: 'stand-in',
    amount: Number(isOut ? -payment.amountMsats : payment.amountMsats),
    fee: isOut ? -Number(payment.feeMsats) : 0,
    bolt11: invoice,
    memo: isOut ? '' : payment.description,
    preimage: payment.preimage,
    webhook: null,
    extra: {},
  };
  const time = new Date(createdAtMs);
  const expiresAt = isOut ? null : new Date(payment.expiresAtMs);
  if (version === '0.12') {
    const [createdS, expiryS] = [time, expiresAt].map((date) => date && Math.floor(date.getTime() / 1000));
    return { ...common, pending: state === 'pending', time: createdS, expiry: expiryS };
  }
  return {
    ...common,
    payment_request: invoice,
    fiat_provider: null,
    status: STATUS[state],
    expiry: expiresAt?.toISOString() ?? null,
    time: time.toISOString(),
    created_at: time.toISOString(),
    updated_at: time.toISOString(),
    tag: null,
    labels: [],
  };
}

/** As `GET /api/v1/payments/{hash}` answers it. In 0.12 a failed payment is "not pending", and so "paid". */
export function lnbitsLookup(payment: LnbitsEntry, version: LnbitsVersion): unknown {
  const details = lnbitsPayment(payment, version);
  if (version === '0.12') return { paid: details['pending'] === false, preimage: payment.preimage, details };
  const status = details['status'];
  if (status === 'failed') return { paid: false, status: 'failed', details };
  return { paid: status === 'success', status, preimage: payment.preimage, details };
}

const STATUS = { pending: 'pending', paid: 'success', failed: 'failed' } as const;

export type LnbitsEntry = IncomingPayment | OutgoingPayment;
export type LnbitsPayment = Record<string, unknown>;
