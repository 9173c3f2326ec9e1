import type { Id, Pubkey } from '@caravel/domain';
import type { Settled } from './collection-book.js';

/**
 * Customers, cards and what is asked of them, in rows. Every write that moves money is one transaction under the tenant's
 * lock, looks again before it writes, and may be repeated.
 */
export interface CardBook {
  /** '' when the tenant has none yet. */
  customerOf: (tenantPubkey: Pubkey) => Promise<string>;
  /** The customer to ask about, for this process alone, and the card that is kept; null when nobody need be asked. At most every 10 s. */
  claimCardCheck: (
    tenantPubkey: Pubkey,
    when?: { onlyWhileOwing?: boolean },
  ) => Promise<{ customerId: string; cardId: string | null } | null>;
  saveCard: (tenantPubkey: Pubkey, cardId: string | null) => Promise<void>;

  /** Null when it must not be tried, seen under the lock. */
  beginCard: (attempt: { invoiceId: Id; staleAt: Date }) => Promise<CardAttempt | null>;
  /** False: nothing may leave. */
  dispatchCard: (attemptId: Id, stale: { staleAt: Date }) => Promise<boolean>;
  /** Nothing was done, and it is no try. */
  giveBackCard: (attemptId: Id, to: { until: Date }) => Promise<void>;
  markCardUnknown: (attemptId: Id, next: { askAt: Date; paymentId: string | null }) => Promise<void>;
  failCard: (failed: FailedCard) => Promise<boolean>;
  settleCard: (attemptId: Id, payment: { paymentId: string }) => Promise<Settled>;
  /** Attempts to ask Stripe about, for this process alone. */
  claimUnknownCards: (scope: 'due' | { tenantPubkey: Pubkey }, page: { limit: number }) => Promise<UnknownCard[]>;

  liveCheckout: (invoiceId: Id) => Promise<LiveCheckout | null>;
  /** Null when the invoice must not be paid that way, seen under the lock, or has another one. */
  addCheckout: (checkout: NewCheckoutRow) => Promise<LiveCheckout | null>;
  claimCheckouts: (
    scope: 'due' | { invoiceId: Id } | { tenantPubkey: Pubkey },
    page: { limit: number },
  ) => Promise<ClaimedCheckout[]>;
  askCheckoutAgain: (offerId: Id, at: Date) => Promise<void>;
  /** Nobody can pay it any more. */
  closeCheckout: (offerId: Id) => Promise<void>;
}

export interface CardAttempt {
  id: Id;
  invoiceId: Id;
  tenantPubkey: Pubkey;
  customerId: string;
  cardId: string;
  amountCents: number;
}

export interface UnknownCard extends CardAttempt {
  issuedAt: Date;
  dispatchedAt: Date;
  /** The PaymentIntent, once it is known. */
  paymentId: string | null;
  invoiceOpen: boolean;
}

export interface FailedCard {
  attemptId: Id;
  /** For the tenant and safe to show; at most 240 characters. */
  error: string;
  paymentId: string | null;
  nextTryAt: Date;
}

export interface LiveCheckout {
  id: Id;
  sessionId: string;
  expiresAt: Date;
}

export interface NewCheckoutRow {
  invoiceId: Id;
  sessionId: string;
  amountCents: number;
  expiresAt: Date;
  nextCheckAt: Date;
}

export interface ClaimedCheckout {
  id: Id;
  invoiceId: Id;
  tenantPubkey: Pubkey;
  sessionId: string;
  createdAt: Date;
  expiresAt: Date;
  invoiceOpen: boolean;
}
