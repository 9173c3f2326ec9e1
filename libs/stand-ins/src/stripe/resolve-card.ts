import { newCard } from './objects/payment-method.js';
import { invalidRequest } from './stripe-error.js';
import type { PaymentMethod } from './stripe-objects.js';
import type { StripeWorld } from './stripe-world.js';

/** The card that a request names: one that is kept, or a test card by its name, which makes a new one of it. */
export function resolveCard(world: StripeWorld, name: string, customer: string | null): PaymentMethod {
  const fresh = newCard(world, name);
  if (fresh) return world.store.put('payment_method', fresh);
  const card = world.store.named('payment_method', name, 'payment_method');
  if (card.customer === customer) return card;
  throw invalidRequest(400, belongsElsewhere(card, customer), { param: 'payment_method' });
}

function belongsElsewhere({ id, customer: owner }: PaymentMethod, customer: string | null): string {
  if (customer === null) {
    return `The PaymentMethod you provided (${id}) is attached to a Customer so you must provide the Customer in the request.`;
  }
  return owner === null
    ? `The PaymentMethod ${id} is not attached to a Customer; it must be attached before it can be used again.`
    : `The PaymentMethod ${id} does not belong to the Customer you supplied ${customer}.`;
}
