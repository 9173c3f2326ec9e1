import type { Customer } from '../stripe-objects.js';
import type { StripeWorld } from '../stripe-world.js';

/** A customer as Stripe answers it, with nothing but what was given. */
export function newCustomer({ store, nowS }: StripeWorld, given: Partial<Customer> = {}): Customer {
  return {
    id: store.newId('cus'),
    object: 'customer',
    address: null,
    balance: 0,
    created: nowS(),
    currency: null,
    customer_account: null,
    default_source: null,
    delinquent: false,
    description: null,
    discount: null,
    email: null,
    livemode: false,
    metadata: {},
    name: null,
    phone: null,
    preferred_locales: [],
    shipping: null,
    tax_exempt: 'none',
    test_clock: null,
    ...given,
    invoice_settings: {
      custom_fields: null,
      default_payment_method: null,
      footer: null,
      rendering_options: null,
      ...given.invoice_settings,
    },
  };
}
