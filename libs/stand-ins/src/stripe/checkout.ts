import { attachCard } from './customer-cards.js';
import { confirmPayment } from './confirm-payment.js';
import { newPaymentIntent } from './objects/payment-intent.js';
import { cancel } from './payments.js';
import { resolveCard } from './resolve-card.js';
import { invalidRequest } from './stripe-error.js';
import type { CheckoutSession, PaymentIntent } from './stripe-objects.js';
import { type StripeWorld, update } from './stripe-world.js';

/** The session as it is now: an open one whose time is over has expired. */
export function currentSession(world: StripeWorld, id: string): CheckoutSession {
  const session = world.store.get('checkout.session', id);
  const over = session.status === 'open' && session.expires_at <= world.nowS();
  return over ? endSession(world, session) : session;
}

/** Nobody can pay it any more. Throws when it is not open: what is complete has been paid. */
export function expireSession(world: StripeWorld, id: string): CheckoutSession {
  return endSession(world, openSession(world, id));
}

/**
 * The person pays on the page, passing 3-D Secure where the card asks. A decline leaves the session open and throws the 402;
 * `save` keeps the card for the customer.
 */
export function paySession(world: StripeWorld, id: string, how: { card: string; save: boolean }): CheckoutSession {
  const session = openSession(world, id);
  const intent = intentOf(world, session);
  const saved = how.save && session.customer !== null;
  const card = saved
    ? attachCard(world, session.customer ?? '', how.card)
    : resolveCard(world, how.card, session.customer);
  const paid = confirmPayment(world, intent, { card, present: 'authenticates', session: id });
  if (paid.status !== 'succeeded') return world.store.get('checkout.session', id);
  const done = update(world, 'checkout.session', {
    id,
    status: 'complete',
    payment_status: 'paid',
    url: null,
    customer_details: { address: null, email: null, name: null, phone: null, tax_exempt: 'none', tax_ids: [] },
  });
  world.emit('checkout.session.completed', done);
  return done;
}

function openSession(world: StripeWorld, id: string): CheckoutSession {
  const session = currentSession(world, id);
  if (session.status === 'open') return session;
  const message =
    'Only Checkout Sessions with a status in ["open"] can be expired. ' +
    `This Checkout Session has a status of ${session.status}.`;
  throw invalidRequest(400, message);
}

/** The intent is made at the first try and serves all of them. */
function intentOf(world: StripeWorld, session: CheckoutSession): PaymentIntent {
  if (session.payment_intent !== null) return world.store.get('payment_intent', session.payment_intent);
  const data = world.checkoutData.get(session.id) ?? {};
  const intent = world.store.put(
    'payment_intent',
    newPaymentIntent(world, {
      amount: session.amount_total,
      currency: session.currency,
      customer: session.customer,
      ...data,
    }),
  );
  update(world, 'checkout.session', { id: session.id, payment_intent: intent.id });
  world.emit('payment_intent.created', intent);
  return intent;
}

function endSession(world: StripeWorld, session: CheckoutSession): CheckoutSession {
  const intent =
    session.payment_intent === null ? undefined : world.store.get('payment_intent', session.payment_intent);
  if (intent?.status === 'requires_payment_method') cancel(world, intent, 'automatic');
  const expired = update(world, 'checkout.session', { id: session.id, status: 'expired', url: null });
  world.emit('checkout.session.expired', expired);
  return expired;
}
