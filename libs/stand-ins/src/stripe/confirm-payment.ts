import { decline, succeed } from './payments.js';
import type { IntentStatus, PaymentIntent, PaymentMethod } from './stripe-objects.js';
import { type StripeWorld, update } from './stripe-world.js';
import { TEST_CARDS } from './test-cards.js';

/**
 * Confirms an intent with a card. Throws Stripe's 402 when it is declined; a card that wants 3-D Secure is declined with
 * `authentication_required` when nobody is there to pass it, and leaves the intent in `requires_action` otherwise
 * (https://docs.stripe.com/payments/save-and-reuse).
 */
export function confirmPayment(world: StripeWorld, intent: PaymentIntent, how: Confirmation): PaymentIntent {
  const { card } = how;
  const next = world.next.takePayment(intent.customer);
  const outcome = next?.outcome ?? outcomeOf(card, how);
  switch (outcome) {
    case 'succeeded':
      return succeed(world, intent, how);
    case 'requires_action':
      return wait(world, intent, { card, status: outcome, next_action: threeDSecure(intent) });
    case 'requires_confirmation':
      return wait(world, intent, { card, status: outcome });
    case 'processing':
      return wait(world, intent, { card, status: outcome, cancellable: next?.cancellable ?? false });
    default:
      throw decline(world, intent, { ...how, code: outcome });
  }
}

/** What the bank says of the test card once 3-D Secure was passed: `succeeded` or a decline code. */
export function outcomeAfterAuthentication(card: PaymentMethod): string {
  return testCardOf(card)?.decline ?? 'succeeded';
}

function outcomeOf(card: PaymentMethod, { present, errorOnAction = false }: Confirmation): string {
  const test = testCardOf(card);
  const asks = test?.authenticate === 'always' || (test?.authenticate === 'unless-saved' && card.customer === null);
  if (!asks || present === 'authenticates') return outcomeAfterAuthentication(card);
  return present === 'nobody' || errorOnAction ? 'authentication_required' : 'requires_action';
}

const testCardOf = ({ card }: PaymentMethod) => Object.values(TEST_CARDS).find(({ last4 }) => last4 === card.last4);

function wait(world: StripeWorld, { id }: PaymentIntent, how: Waiting): PaymentIntent {
  const { card, status, next_action = null, cancellable = false } = how;
  if (cancellable) world.cancellable.add(id);
  const processing = status === 'processing' ? { type: 'card', card: { customer_notification: null } } : null;
  const waiting = update(world, 'payment_intent', { id, status, payment_method: card.id, next_action, processing });
  if (status !== 'requires_confirmation') world.emit(`payment_intent.${status}`, waiting);
  return waiting;
}

const threeDSecure = ({ id }: PaymentIntent) => ({
  type: 'use_stripe_sdk',
  use_stripe_sdk: { type: 'three_d_secure_redirect', payment_intent: id },
});

export interface Confirmation {
  card: PaymentMethod;
  /** Who is there: nobody (off-session), a person whose page asks later, or one who passes 3-D Secure at once (Checkout). */
  present: 'nobody' | 'person' | 'authenticates';
  errorOnAction?: boolean | undefined;
  session?: string | null | undefined;
}

interface Waiting {
  card: PaymentMethod;
  status: IntentStatus;
  next_action?: object | null;
  cancellable?: boolean;
}
