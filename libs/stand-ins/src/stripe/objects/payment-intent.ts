import type { PaymentIntent } from '../stripe-objects.js';
import type { StripeWorld } from '../stripe-world.js';

/** A PaymentIntent that nobody has confirmed yet. */
export function newPaymentIntent({ store, nowS }: StripeWorld, given: GivenIntent): PaymentIntent {
  const id = store.newId('pi');
  return {
    id,
    object: 'payment_intent',
    allowed_payment_method_types: null,
    amount_capturable: 0,
    amount_details: { tip: {} },
    amount_received: 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: null,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: 'automatic_async',
    client_secret: `${id}_secret_${store.newId('s')}`,
    confirmation_method: 'automatic',
    created: nowS(),
    customer: null,
    customer_account: null,
    description: null,
    excluded_payment_method_types: null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    managed_payments: null,
    metadata: {},
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_configuration_details: null,
    payment_method_options: { card: { installments: null, network: null, request_three_d_secure: 'automatic' } },
    payment_method_types: ['card'],
    payment_record: null,
    processing: null,
    receipt_email: null,
    review: null,
    setup_future_usage: null,
    shipping: null,
    source: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    transfer_data: null,
    transfer_group: null,
    ...given,
    status: (given.payment_method ?? null) === null ? 'requires_payment_method' : 'requires_confirmation',
  };
}

type GivenIntent = Pick<PaymentIntent, 'amount' | 'currency'> & Partial<PaymentIntent>;
