import type { PaymentMethod } from '../stripe-objects.js';
import type { StripeWorld } from '../stripe-world.js';
import { TEST_CARDS } from '../test-cards.js';

const NOBODY = { address: null, email: null, name: null, phone: null, tax_id: null };

/** A card of Stripe's test cards, by its name (`pm_card_visa`); undefined when there is none of that name. */
export function newCard({ store, nowS }: StripeWorld, name: string): PaymentMethod | undefined {
  const test = Object.hasOwn(TEST_CARDS, name) ? TEST_CARDS[name] : undefined;
  if (!test) return undefined;
  return {
    id: store.newId('pm'),
    object: 'payment_method',
    allow_redisplay: 'unspecified',
    billing_details: NOBODY,
    card: {
      brand: test.brand,
      checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: 'pass' },
      country: 'US',
      display_brand: test.brand,
      exp_month: 12,
      exp_year: 2034,
      fingerprint: `fingerprint${test.last4}`,
      funding: 'credit',
      generated_from: null,
      last4: test.last4,
      networks: { available: [test.brand], preferred: null },
      regulated_status: 'unregulated',
      three_d_secure_usage: { supported: true },
      wallet: null,
    },
    created: nowS(),
    customer: null,
    customer_account: null,
    livemode: false,
    metadata: {},
    type: 'card',
  };
}
