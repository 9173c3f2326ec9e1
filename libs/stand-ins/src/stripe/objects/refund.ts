import type { Charge, Metadata, Refund } from '../stripe-objects.js';
import type { StripeWorld } from '../stripe-world.js';

/** Money on its way back to the card. */
export function newRefund({ store, nowS }: StripeWorld, charge: Charge, given: GivenRefund): Refund {
  return {
    id: store.newId('re'),
    object: 'refund',
    amount: given.amount,
    balance_transaction: store.newId('txn'),
    charge: charge.id,
    created: nowS(),
    currency: charge.currency,
    customer: charge.customer,
    customer_account: null,
    destination_details: {
      card: { reference_status: 'pending', reference_type: 'acquirer_reference_number', type: 'refund' },
      type: 'card',
    },
    metadata: given.metadata,
    payment_intent: charge.payment_intent,
    payment_method: charge.payment_method,
    reason: given.reason,
    receipt_number: null,
    source_transfer_reversal: null,
    status: given.status,
    transfer_reversal: null,
  };
}

interface GivenRefund {
  amount: number;
  status: Refund['status'];
  reason: string | null;
  metadata: Metadata;
}
