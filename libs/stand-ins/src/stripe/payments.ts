import { type Decline, declineOf } from './declines.js';
import { newCharge } from './objects/charge.js';
import { StripeError } from './stripe-error.js';
import type { Charge, PaymentIntent, PaymentMethod } from './stripe-objects.js';
import { type StripeWorld, update } from './stripe-world.js';

/** The money is taken: a charge, an entry, and the events of both. `session` is the Checkout session it came by. */
export function succeed(world: StripeWorld, intent: PaymentIntent, how: Taken): PaymentIntent {
  const charge = world.store.put('charge', newCharge(world, intent, how));
  const done = update(world, 'payment_intent', {
    id: intent.id,
    status: 'succeeded',
    payment_method: how.card.id,
    amount_received: intent.amount,
    latest_charge: charge.id,
    last_payment_error: null,
    next_action: null,
    processing: null,
  });
  world.ledger.add({ kind: 'charge', ...entryOf(world, done, how.session ?? null) });
  world.emit('charge.succeeded', charge);
  world.emit('payment_intent.succeeded', done);
  return done;
}

/** The bank said no: the intent wants another card, and the caller gets the 402 to throw. */
export function decline(world: StripeWorld, intent: PaymentIntent, how: Taken & { code: string }): StripeError {
  const reason = declineOf(how.code);
  const charge = world.store.put('charge', newCharge(world, intent, { card: how.card, decline: reason }));
  const error = cardError(reason, charge, how.card);
  const failed = update(world, 'payment_intent', {
    id: intent.id,
    status: 'requires_payment_method',
    payment_method: null,
    latest_charge: charge.id,
    last_payment_error: error,
    next_action: null,
    processing: null,
  });
  world.ledger.add({ kind: 'decline', ...entryOf(world, failed, how.session ?? null) });
  world.emit('charge.failed', charge);
  world.emit('payment_intent.payment_failed', failed);
  return new StripeError(402, { ...error, payment_intent: failed });
}

/** No money will come of it any more. Whether it may be cancelled is the caller's question. */
export function cancel(world: StripeWorld, intent: PaymentIntent, reason: string | null): PaymentIntent {
  const canceled = update(world, 'payment_intent', {
    id: intent.id,
    status: 'canceled',
    canceled_at: world.nowS(),
    cancellation_reason: reason,
    next_action: null,
    processing: null,
  });
  world.ledger.add({ kind: 'cancel', ...entryOf(world, canceled) });
  world.emit('payment_intent.canceled', canceled);
  return canceled;
}

function cardError(reason: Decline, charge: Charge, card: PaymentMethod) {
  const doc = `https://stripe.com/docs/error-codes/${reason.code.replaceAll('_', '-')}`;
  return { type: 'card_error' as const, charge: charge.id, doc_url: doc, ...reason, payment_method: card };
}

function entryOf({ nowS }: StripeWorld, intent: PaymentIntent, session: string | null = null) {
  const { amount: amountCents, currency, customer, metadata, id: paymentIntent } = intent;
  return { atS: nowS(), amountCents, currency, customer, paymentIntent, session, metadata };
}

export interface Taken {
  card: PaymentMethod;
  session?: string | null | undefined;
}
