import { resolveCard } from './resolve-card.js';
import { invalidRequest } from './stripe-error.js';
import type { PaymentMethod } from './stripe-objects.js';
import { type StripeWorld, update } from './stripe-world.js';

/** A customer's cards, oldest first. */
export function cardsOf({ store }: StripeWorld, customer: string): PaymentMethod[] {
  return store.list('payment_method').filter((card) => card.customer === customer);
}

/** Saves a card for a customer; a test card's name makes a new card of it. */
export function attachCard(world: StripeWorld, customer: string, name: string): PaymentMethod {
  world.store.named('customer', customer, 'customer');
  const kept = world.store.find(name);
  if (kept && kept['customer'] !== null) {
    throw invalidRequest(400, 'The payment method you provided has already been attached to a customer.');
  }
  const { id } = resolveCard(world, name, null);
  const card = update(world, 'payment_method', { id, customer });
  world.emit('payment_method.attached', card);
  return card;
}

/** The card is nobody's any more, and no default. */
export function detachCard(world: StripeWorld, id: string): PaymentMethod {
  const { customer } = world.store.get('payment_method', id);
  if (customer === null) {
    throw invalidRequest(
      400,
      'The payment method you provided is not attached to a customer so detachment is impossible.',
    );
  }
  if (world.store.get('customer', customer).invoice_settings.default_payment_method === id) {
    setDefaultCard(world, customer, null);
  }
  const card = update(world, 'payment_method', { id, customer: null });
  world.emit('payment_method.detached', card);
  return card;
}

/** Which card is charged first; null for none. Throws when it is not the customer's. */
export function setDefaultCard(world: StripeWorld, customer: string, card: string | null): void {
  if (card !== null && world.store.named('payment_method', card, DEFAULT_CARD).customer !== customer) {
    const message = `The customer does not have a payment method with the ID ${card}. The payment method must be attached to the customer.`;
    throw invalidRequest(400, message, { code: 'resource_missing', param: DEFAULT_CARD });
  }
  const { invoice_settings } = world.store.get('customer', customer);
  update(world, 'customer', { id: customer, invoice_settings: { ...invoice_settings, default_payment_method: card } });
}

const DEFAULT_CARD = 'invoice_settings[default_payment_method]';
