import { newRefund } from './objects/refund.js';
import { invalidRequest } from './stripe-error.js';
import type { Charge, Metadata, Refund } from './stripe-objects.js';
import { type StripeWorld, update } from './stripe-world.js';

/** Money goes back, at most what was charged. Without an amount, all that is left. */
export function refundCharge(world: StripeWorld, charge: Charge, given: GivenRefund): Refund {
  const left = charge.amount - charge.amount_refunded;
  if (charge.status !== 'succeeded') throw invalidRequest(400, `Charge ${charge.id} was not paid.`);
  if (left === 0) {
    throw invalidRequest(400, `Charge ${charge.id} has already been refunded.`, { code: 'charge_already_refunded' });
  }
  const amount = given.amount ?? left;
  if (amount > left) {
    const message = `Refund amount (${dollars(amount)}) is greater than unrefunded amount on charge (${dollars(left)})`;
    throw invalidRequest(400, message, { param: 'amount' });
  }
  const status = world.next.takeRefund() ?? 'succeeded';
  const refund = world.store.put('refund', newRefund(world, charge, { ...given, amount, status }));
  world.emit('refund.created', refund);
  if (status === 'failed') {
    world.emit('refund.failed', refund);
    return refund;
  }
  returned(world, refund, amount);
  return refund;
}

/** A refund that was waiting has arrived, or the bank sent it back. */
export function settleRefund(world: StripeWorld, id: string, status: 'succeeded' | 'failed'): Refund {
  const before = world.store.get('refund', id);
  if (before.status === 'failed' || before.status === 'canceled') throw invalidRequest(400, `it has ${before.status}`);
  const refund = update(world, 'refund', { id, status });
  if (status === 'failed') returned(world, refund, -refund.amount);
  world.emit(status === 'failed' ? 'refund.failed' : 'refund.updated', refund);
  return refund;
}

function returned(world: StripeWorld, refund: Refund, amountCents: number): void {
  const { amount, amount_refunded: before } = world.store.get('charge', refund.charge);
  const sum = before + amountCents;
  const charge = update(world, 'charge', { id: refund.charge, amount_refunded: sum, refunded: sum === amount });
  const { currency, customer, payment_intent: paymentIntent, metadata } = refund;
  const entry = { amountCents, currency, customer, paymentIntent, refund: refund.id, metadata };
  world.ledger.add({ kind: 'refund', atS: world.nowS(), ...entry });
  world.emit('charge.refunded', charge);
}

const dollars = (cents: number): string => `$${(cents / 100).toFixed(2)}`;

interface GivenRefund {
  amount?: number | undefined;
  reason: string | null;
  metadata: Metadata;
}
