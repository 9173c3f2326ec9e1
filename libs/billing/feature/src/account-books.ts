import type { Id, Pubkey, RelayStatus } from '@caravel/domain';

/** The tenants' books, as billing's use cases need them. */
export interface AccountBooks {
  /** Brings books up to now in one transaction; idempotent. `skipLocked` leaves out tenants somebody else works on. */
  replay: (tenantPubkeys: readonly Pubkey[], options?: { skipLocked?: boolean }) => Promise<Replayed[]>;
  /** Closes the periods of a batch of due tenants that nobody else works on; idempotent. `last` is null after the last one. */
  closePeriods: (page: { after: PastBoundary | null; limit: number }) => Promise<Closed>;
  /** Tenants with facts that were never replayed, in order of keys. */
  withUnbilledFacts: (page: { after: Pubkey | null; limit: number }) => Promise<Pubkey[]>;
  /** Tenants whose period has ended, longest overdue first. */
  pastBoundary: (page: { after: PastBoundary | null; limit: number }) => Promise<PastBoundary[]>;
  /** What would be written if this change were made now; null when there is no such relay or plan. Writes nothing. */
  preview: (wanted: { relayId: Id; planId: string; status: RelayStatus }) => Promise<Preview | null>;
  /** Has had a paid relay and no customer at Stripe yet. */
  needsCustomer: (tenantPubkey: Pubkey) => Promise<boolean>;
  /** The same, to be given a customer by this process; others may try again in five minutes. */
  claimCustomerless: (page: { limit: number }) => Promise<Pubkey[]>;
  saveCustomer: (tenantPubkey: Pubkey, stripeCustomerId: string) => Promise<void>;
}

export interface Preview {
  atS: number;
  items: readonly { planId: string; amountCents: number; description: string }[];
  invoices: readonly { amountCents: number; periodStartS: number; periodEndS: number }[];
  /** Open invoices that would be voided. */
  replacedIds: Id[];
}

export interface Replayed {
  tenantPubkey: Pubkey;
  /** Invoices it cut and left open. */
  invoiceIds: Id[];
  /** There are more facts: replay again. */
  more: boolean;
  /** At Stripe. */
  hasCustomer: boolean;
}

export interface Closed {
  last: PastBoundary | null;
  invoiceIds: Id[];
}

export interface PastBoundary {
  tenantPubkey: Pubkey;
  periodEnd: Date;
}
