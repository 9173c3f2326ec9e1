import type Stripe from 'stripe';
import type { StripeCalls } from './stripe-calls.js';

const MAX_CARDS = 100;

/** The card a tenant saved in Stripe's portal. */
export function savedCards({ sdk, ask }: StripeCalls) {
  return {
    /** The customer's default card, else its newest; `cardId` null when there is none. Null when Stripe does not say. */
    findCard: async (customerId: string): Promise<{ cardId: string | null } | null> => {
      const endpoint = 'customers';
      const params = { type: 'card', limit: MAX_CARDS } as const;
      const [customer, cards] = await Promise.all([
        ask({ endpoint, operation: 'get_customer' }, () => sdk.customers.retrieve(customerId)),
        ask({ endpoint, operation: 'list_cards' }, () => sdk.customers.listPaymentMethods(customerId, params)),
      ]);
      if (customer.type === 'result' && customer.value.deleted) return { cardId: null };
      if (customer.type !== 'result' || cards.type !== 'result' || customer.value.deleted) return null;
      return { cardId: choose(customer.value, cards.value.data) };
    },
  };
}

/** The default may be something else than a card; the list is newest first. */
function choose(customer: Stripe.Customer, cards: readonly Stripe.PaymentMethod[]): string | null {
  const chosen = customer.invoice_settings.default_payment_method;
  const defaultId = typeof chosen === 'string' ? chosen : chosen?.id;
  const [newest] = [...cards].sort((a, b) => b.created - a.created);
  return (cards.find(({ id }) => id === defaultId) ?? newest)?.id ?? null;
}
