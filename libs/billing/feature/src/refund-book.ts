import type { Id, Pubkey } from '@caravel/domain';

/** Refunds in rows: an intent first, then Stripe, then the books. */
export interface RefundBook {
  /** Reserves credit and payments by card, newest first, under the tenant's lock. Idempotent by `commandId`. */
  beginRefund: (command: RefundCommand & { staleAt: Date }) => Promise<RefundBegun>;
  /** False: nothing may leave. */
  dispatchRefund: (id: Id, stale: { staleAt: Date }) => Promise<boolean>;
  markRefundUnknown: (id: Id, next: { askAt: Date }) => Promise<void>;
  failRefund: (id: Id, failed: { error: string }) => Promise<void>;
  settleRefund: (id: Id, refund: { externalId: string }) => Promise<void>;
  /** Refunds that nobody resolved in time, for this process alone. */
  claimRefunds: (page: { limit: number }) => Promise<OpenRefund[]>;
}

export interface RefundCommand {
  commandId: string;
  tenantPubkey: Pubkey;
  actor: Pubkey;
  amountCents: number;
  reason: string;
}

export type RefundBegun =
  | { type: 'begun'; refunds: BegunRefund[]; uncoveredCents: number }
  | { type: 'known'; uncoveredCents: number }
  | { type: 'conflict' }
  | { type: 'too-much'; creditCents: number; coveredCents: number };

export interface BegunRefund {
  id: Id;
  amountCents: number;
  /** What is given back: the PaymentIntent of a pull, or the Checkout page it was paid on. */
  paymentId: string | null;
  sessionId: string | null;
}

export interface OpenRefund extends BegunRefund {
  tenantPubkey: Pubkey;
  state: 'created' | 'dispatched' | 'unknown';
  dispatchedAt: Date | null;
}
