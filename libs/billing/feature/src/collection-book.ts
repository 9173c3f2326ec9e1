import type { Cents, Id, Msats, Pubkey } from '@caravel/domain';

/**
 * What is collected, as billing's use cases need it. Every write that moves money is one transaction under the tenant's lock,
 * looks again before it writes, and may be repeated.
 */
export interface CollectionBook {
  find: (invoiceId: Id) => Promise<CollectableInvoice | null>;
  /** Wallets and cards that nobody rang for make invoices due. Answers of how many tenants there were. */
  noticeNewWays: (page: { limit: number }) => Promise<number>;
  dueInvoices: (page: { limit: number }) => Promise<CollectableInvoice[]>;
  dueInvoicesOf: (tenantPubkey: Pubkey) => Promise<CollectableInvoice[]>;

  liveOffer: (invoiceId: Id) => Promise<LiveOffer | null>;
  /** Answers the live offer instead when `keep` takes it, and null when the invoice is not open. */
  addBolt11: (bolt11: NewBolt11, keep: (offer: LiveOffer) => boolean) => Promise<LiveOffer | null>;
  /** Offers to ask the payee about, for this process alone; none that was asked about in the last 3 s. */
  claimOffers: (
    scope: 'due' | { invoiceId: Id } | { tenantPubkey: Pubkey },
    page: { limit: number },
  ) => Promise<ClaimedOffer[]>;
  askAgain: (offerId: Id, at: Date) => Promise<void>;
  /** The payee said "not paid". Null closes the offer. */
  markUnsettled: (offers: readonly UnsettledOffer[]) => Promise<void>;
  /** The payee said "paid": everything that follows, at once. */
  settle: (offerId: Id) => Promise<Settled>;

  /** Null when it must not be tried, seen under the lock. */
  begin: (
    attempt: { invoiceId: Id; staleAt: Date } & ({ offerId: Id } | OfferedBolt11),
  ) => Promise<BegunAttempt | null>;
  /** False: nothing may leave. */
  dispatch: (attemptId: Id, stale: { staleAt: Date }) => Promise<boolean>;
  markUnknown: (attemptId: Id, next: { askAt: Date }) => Promise<void>;
  fail: (failed: { attemptId: Id; error: string; nextTryAt: Date }) => Promise<boolean>;
  stale: (page: { limit: number }) => Promise<{ attemptId: Id; state: 'created' | 'dispatched' }[]>;
  drop: (attemptId: Id) => Promise<void>;
  /** By its own dispatcher, whose request provably never left because this process is stopping: no try, no word. */
  withdraw: (attemptId: Id) => Promise<void>;
  askPerson: (request: { invoiceId: Id; nextTryAt: Date; notBefore: Date }) => Promise<boolean>;
  postpone: (invoiceId: Id, to: { until: Date }) => Promise<void>;
}

export interface CollectableInvoice {
  id: Id;
  tenantPubkey: Pubkey;
  amountCents: Cents;
  issuedAt: Date;
  /** Neither paid nor voided. */
  open: boolean;
  due: boolean;
  /** Has an attempt whose end is not known. */
  busy: boolean;
  hasWallet: boolean;
  /** As Stripe said when it was last asked. */
  hasCard: boolean;
  /** A person may be paying on a Checkout page. */
  hasPage: boolean;
  /** In the try that is under way the wallet had its turn. */
  cardsTurn: boolean;
  /** It has a bolt11 that may yet be paid. */
  offered: boolean;
  readAt: Date;
}

export interface LiveOffer {
  id: Id;
  lnbc: string;
  paymentHash: string;
  expiresAt: Date;
  /** An attempt whose end is not known pulls it. */
  pulled: boolean;
}

export interface NewBolt11 {
  invoiceId: Id;
  tenantPubkey: Pubkey;
  lnbc: string;
  paymentHash: string;
  msats: Msats;
  amountCents: Cents;
  expiresAt: Date;
  nextCheckAt: Date;
}

export interface Settled {
  /** `known`: it was booked before. */
  settlement: 'paid' | 'credited' | 'known';
  /** Churn ended with it, or may have when it was booked before: relays run again and zooid has to follow. */
  relays: boolean;
}

/** To be the invoice's live one, unless `keep` says that the one there is will do. */
export interface OfferedBolt11 {
  bolt11: NewBolt11;
  keep: (offer: LiveOffer) => boolean;
}

export interface ClaimedOffer {
  id: Id;
  invoiceId: Id;
  tenantPubkey: Pubkey;
  paymentHash: string;
  createdAt: Date;
  expiresAt: Date;
  unknownAttempt: { id: Id; dispatchedAt: Date } | null;
}

export interface BegunAttempt {
  id: Id;
  tenantPubkey: Pubkey;
  offerId: Id;
  sealedUrl: string;
  lnbc: string;
  paymentHash: string;
}

/** The payee said "not paid". It is asked again then, or never again. */
export interface UnsettledOffer {
  id: Id;
  nextCheckAt: Date | null;
}
