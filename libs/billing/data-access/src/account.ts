import type { BillingFact, ReplayResult, ReplayState } from '@caravel/billing-domain';
import type { Clock, Id, NewId, Pubkey } from '@caravel/domain';

/** The pure replay of `@caravel/billing-domain` with its options bound; `untilS` is the second billing looks from. */
export type Replay = (state: ReplayState, facts: readonly BillingFact[], untilS: number) => ReplayResult;

export interface AccountDeps {
  clock: Clock;
  newId: NewId;
  replay: Replay;
  /** `BILLING_GRACE_DAYS`: how long an invoice may be open. Default: 7. */
  graceDays?: number;
}

export type InvoiceKind = 'cycle' | 'closing' | 'interim';

/** What a recut inherits from the invoice it replaces: nobody is asked anew for what was already asked for. */
export interface InvoiceTerms {
  kind: InvoiceKind;
  issuedAt: Date;
  tries: number;
  nextTryAt: Date | null;
}

/** One tenant's books as the database holds them, read under the tenant's lock. */
export interface LoadedAccount {
  tenantPubkey: Pubkey;
  state: ReplayState;
  /** Not yet billed, in order of `seq`. */
  facts: readonly BillingFact[];
  /** There are further facts than one replay takes: replay again. */
  more: boolean;
  /** Its relays are paused until everything is paid. */
  churned: boolean;
  hasCustomer: boolean;
  /** Terms of the open invoices, by id. */
  terms: ReadonlyMap<string, InvoiceTerms>;
  /** How much of the open invoices, by id, and of what is on none (null) comes from items of money, not of service. */
  creditCents: ReadonlyMap<string | null, number>;
}

/** What a replay did to one account. */
export interface AccountReplayed {
  tenantPubkey: Pubkey;
  /** Invoices that it cut and left open. */
  invoiceIds: Id[];
  more: boolean;
  churned: boolean;
  /** At Stripe. */
  hasCustomer: boolean;
}
