import type { CheckoutSession } from '../stripe-objects.js';
import type { StripeWorld } from '../stripe-world.js';

/** An open page of Checkout, in payment mode. */
export function newCheckoutSession({ store, nowS, baseUrl }: StripeWorld, given: GivenSession): CheckoutSession {
  const id = store.newId('cs_test');
  return {
    ...UNUSED,
    id,
    object: 'checkout.session',
    amount_subtotal: given.amount_total,
    automatic_tax: { enabled: false, liability: null, provider: null, status: null },
    cancel_url: null,
    client_reference_id: null,
    created: nowS(),
    custom_fields: [],
    custom_text: { after_submit: null, shipping_address: null, submit: null, terms_of_service_acceptance: null },
    customer: null,
    customer_details: null,
    discounts: [],
    invoice_creation: { enabled: false },
    livemode: false,
    metadata: {},
    mode: 'payment',
    payment_intent: null,
    payment_method_collection: 'if_required',
    payment_method_options: {},
    payment_method_types: ['card'],
    payment_status: 'unpaid',
    shipping_options: [],
    status: 'open',
    total_details: { amount_discount: 0, amount_shipping: 0, amount_tax: 0 },
    ui_mode: 'hosted_page',
    url: `${baseUrl()}/c/pay/${id}`,
    ...given,
  };
}

/** Features of Checkout that nobody asks for here. */
const UNUSED = {
  adaptive_pricing: null,
  after_expiration: null,
  allow_promotion_codes: null,
  allowed_payment_method_types: null,
  billing_address_collection: null,
  client_secret: null,
  collected_information: null,
  consent: null,
  consent_collection: null,
  currency_conversion: null,
  customer_account: null,
  customer_creation: null,
  customer_email: null,
  integration_identifier: null,
  invoice: null,
  locale: null,
  managed_payments: null,
  origin_context: null,
  payment_link: null,
  payment_method_configuration_details: null,
  permissions: null,
  recovered_from: null,
  saved_payment_method_options: null,
  setup_intent: null,
  shipping_address_collection: null,
  shipping_cost: null,
  submit_type: null,
  subscription: null,
  wallet_options: null,
};

type GivenSession = Pick<CheckoutSession, 'amount_total' | 'currency' | 'success_url' | 'expires_at'> &
  Partial<CheckoutSession>;
