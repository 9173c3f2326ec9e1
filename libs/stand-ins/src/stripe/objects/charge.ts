import type { Decline } from '../declines.js';
import type { Charge, PaymentIntent, PaymentMethod } from '../stripe-objects.js';
import type { StripeWorld } from '../stripe-world.js';

/** One try to take the money of an intent from a card; it failed when there is a decline. */
export function newCharge({ store, nowS }: StripeWorld, intent: PaymentIntent, tried: TriedCard): Charge {
  const { card, decline } = tried;
  const failed = decline !== undefined;
  return {
    id: store.newId('ch'),
    object: 'charge',
    amount: intent.amount,
    amount_captured: failed ? 0 : intent.amount,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: failed ? null : store.newId('txn'),
    billing_details: card['billing_details'],
    calculated_statement_descriptor: 'STAND-IN',
    captured: !failed,
    created: nowS(),
    currency: intent.currency,
    customer: intent.customer,
    description: intent['description'],
    disputed: false,
    failure_balance_transaction: null,
    failure_code: decline?.code ?? null,
    failure_message: decline?.message ?? null,
    fraud_details: {},
    livemode: false,
    metadata: intent.metadata,
    on_behalf_of: null,
    outcome: outcomeOf(decline),
    paid: !failed,
    payment_intent: intent.id,
    payment_method: card.id,
    payment_method_details: { type: 'card', card: { brand: card.card.brand, last4: card.card.last4 } },
    receipt_email: null,
    receipt_number: null,
    receipt_url: null,
    refunded: false,
    review: null,
    shipping: null,
    source: null,
    source_transfer: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: failed ? 'failed' : 'succeeded',
    transfer_data: null,
    transfer_group: null,
  };
}

function outcomeOf(decline: Decline | undefined) {
  return {
    advice_code: null,
    network_status: decline ? 'declined_by_network' : 'approved_by_network',
    reason: decline ? (decline.decline_code ?? decline.code) : null,
    risk_level: 'normal',
    seller_message: decline ? decline.message : 'Payment complete.',
    type: decline ? 'issuer_declined' : 'authorized',
  };
}

interface TriedCard {
  card: PaymentMethod;
  decline?: Decline | undefined;
}
