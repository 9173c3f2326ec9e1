import type { Id, Pubkey } from '@caravel/domain';

/** Stripe, as billing's use cases need it. Null where it gave no answer that counts. */
export interface CardDesk {
  /** The customer's default card, else its newest; `cardId` null when it has none. */
  findCard: (customerId: string) => Promise<{ cardId: string | null } | null>;

  /** The same attempt asks for the same, under one key for 24 h: asked again it gives the same answer and charges nothing more. */
  charge: (charge: CardCharge) => Promise<ChargeAnswer>;
  /** Of an attempt whose answer was lost. */
  findPayment: (sought: FindPayment) => Promise<CardPayment | 'absent' | null>;
  getPayment: (paymentId: string) => Promise<CardPayment | null>;
  /** The payment as it is afterwards, also when it could not be cancelled. */
  cancelPayment: (paymentId: string) => Promise<CardPayment | null>;

  createCheckout: (checkout: NewCheckout) => Promise<CheckoutPage | null>;
  findCheckout: (sessionId: string) => Promise<CheckoutPage | null>;
  /** The page as it is afterwards, also when it could not be expired. */
  expireCheckout: (sessionId: string) => Promise<CheckoutPage | null>;
  createPortal: (portal: { customerId: string; returnUrl: string }) => Promise<string | null>;

  /** The same refund under one key for 24 h. */
  refund: (refund: { refundId: Id; paymentId: string; amountCents: number }) => Promise<RefundAnswer>;
  findRefund: (sought: { refundId: Id; paymentId: string }) => Promise<GivenBack | 'absent' | null>;
}

export interface CardCharge {
  attemptId: Id;
  invoiceId: Id;
  tenantPubkey: Pubkey;
  customerId: string;
  cardId: string;
  amountCents: number;
}

export interface FindPayment {
  customerId: string;
  attemptId: Id;
  /** Not before then. */
  since: Date;
}

/** A PaymentIntent. */
export interface CardPayment {
  id: string;
  /** Stripe's own word. */
  status: string;
  declineCode: string | null;
}

/**
 * `declined`: a definite no, with the payment as it was left. `refused`: the request is wrong, nothing was done. `busy`:
 * nothing was done. `silence`: nobody knows.
 */
export type ChargeAnswer =
  | { type: 'payment'; payment: CardPayment }
  | { type: 'declined'; code: string; payment: CardPayment | null }
  | { type: 'refused'; code: string }
  | { type: 'busy'; retryAfterMs: number }
  | { type: 'silence' };

export interface NewCheckout {
  invoiceId: Id;
  tenantPubkey: Pubkey;
  customerId: string;
  amountCents: number;
  returnUrl: string;
  expiresAt: Date;
}

export interface CheckoutPage {
  sessionId: string;
  status: 'open' | 'paid' | 'paying' | 'expired';
  /** While it is open. Whoever has it can pay: never logged or stored. */
  url: string | null;
  returnUrl: string | null;
  paymentId: string | null;
}

export type RefundAnswer =
  | { type: 'refund'; refund: GivenBack }
  | { type: 'refused'; code: string }
  | { type: 'busy'; retryAfterMs: number }
  | { type: 'silence' };

export interface GivenBack {
  id: string;
  /** Stripe's own word. */
  status: string;
}
