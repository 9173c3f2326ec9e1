import { invalidRequest, type StripeError } from './stripe-error.js';
import type { PaymentIntent } from './stripe-objects.js';

/** An intent is in no state for it; the answer holds the intent (https://docs.stripe.com/error-codes#payment-intent-unexpected-state). */
export function intentStateError(
  verb: 'cancel' | 'confirm',
  intent: PaymentIntent,
  allowed: readonly string[],
): StripeError {
  const done = verb === 'cancel' ? 'canceled' : 'confirmed';
  const message =
    `You cannot ${verb} this PaymentIntent because it has a status of ${intent.status}. ` +
    `Only a PaymentIntent with one of the following statuses may be ${done}: ${allowed.join(', ')}.`;
  return invalidRequest(400, message, { code: 'payment_intent_unexpected_state', payment_intent: intent });
}
