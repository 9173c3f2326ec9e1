/** Stripe's objects: the fields that are acted upon are named here; the rest is as the builders in `objects/` write it. */
export interface StripeObject {
  id: string;
  object: string;
  /** Unix seconds, as everywhere in Stripe's API. */
  created: number;
  [field: string]: unknown;
}

/** What is left to be read of an object that was deleted. */
export interface DeletedObject {
  id: string;
  object: string;
  deleted: true;
}

export type Metadata = Record<string, string>;

export interface Customer extends StripeObject {
  metadata: Metadata;
  invoice_settings: { default_payment_method: string | null; [field: string]: unknown };
}

export interface PaymentMethod extends StripeObject {
  type: string;
  customer: string | null;
  metadata: Metadata;
  card: { brand: string; last4: string; [field: string]: unknown };
}

export type IntentStatus =
  'canceled' | 'processing' | 'requires_action' | 'requires_confirmation' | 'requires_payment_method' | 'succeeded';

export interface PaymentIntent extends StripeObject {
  amount: number;
  currency: string;
  customer: string | null;
  status: IntentStatus;
  payment_method: string | null;
  latest_charge: string | null;
  metadata: Metadata;
}

export interface Charge extends StripeObject {
  amount: number;
  amount_refunded: number;
  currency: string;
  customer: string | null;
  payment_intent: string;
  payment_method: string;
  status: 'failed' | 'succeeded';
}

export interface Refund extends StripeObject {
  amount: number;
  charge: string;
  payment_intent: string;
  currency: string;
  customer: string | null;
  status: RefundStatus;
  metadata: Metadata;
}
export type RefundStatus = 'canceled' | 'failed' | 'pending' | 'requires_action' | 'succeeded';

export interface CheckoutSession extends StripeObject {
  amount_total: number;
  currency: string;
  customer: string | null;
  payment_intent: string | null;
  status: 'complete' | 'expired' | 'open';
  payment_status: 'paid' | 'unpaid';
  expires_at: number;
  success_url: string;
  cancel_url: string | null;
  metadata: Metadata;
}

export interface PortalSession extends StripeObject {
  customer: string;
  return_url: string | null;
}

export interface StripeEvent extends StripeObject {
  type: string;
  data: { object: StripeObject };
}

/** What is kept, by the name Stripe gives it in `object`. */
export interface StripeKinds {
  customer: Customer;
  payment_method: PaymentMethod;
  payment_intent: PaymentIntent;
  charge: Charge;
  refund: Refund;
  'checkout.session': CheckoutSession;
  'billing_portal.session': PortalSession;
  event: StripeEvent;
}
export type StripeKind = keyof StripeKinds;
