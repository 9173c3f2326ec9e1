import type {
  Activity,
  ActivityType,
  Bolt11Offer,
  Cents,
  Id,
  Invoice,
  InvoiceItem,
  Message,
  Plan,
  Pubkey,
  Relay,
  RelaySettings,
  RelayStatus,
  RelayUsage,
  Tenant,
} from '@caravel/domain';
import type { BellRinger, CallClient } from '@caravel/queue';
import type { IdempotencyPort } from './idempotency-port.js';
import type { ExportsPort, InvoiceDocumentsPort, RevenuePort } from './money-ports.js';

/** What the gateway needs from outside; `main.ts` wires the stores and queues that have these shapes. */
export interface GatewayPorts extends GatewayStores {
  idempotency: IdempotencyPort;
  ring: BellRinger['ring'];
  ask: CallClient['ask'];
}

/** What is read and written in the database: by connections of a pool, or all in one transaction. */
export interface GatewayStores {
  tenants: TenantsPort;
  relays: RelaysPort;
  relayCommands: RelayCommandsPort;
  plans: PlansPort;
  activity: {
    ofRelay: (relayId: Id, page: PageRequest) => Promise<Page<Activity>>;
    ofTenant: (tenantPubkey: Pubkey, page: PageRequest) => Promise<Page<Activity>>;
  };
  usage: { ofRelay: (relayId: Id, span: { fromS: number }) => Promise<RelayUsage> };
  invoices: InvoicesPort;
  domains: { domainFinding: (relayId: Id, domain: string) => Promise<DomainFinding | null> };
  messages: { ofTenant: (tenantPubkey: Pubkey, page: PageRequest) => Promise<Page<Message>> };
  documents: InvoiceDocumentsPort;
  exports: ExportsPort;
  revenue: RevenuePort;
  /** The key that billing published to seal wallet URLs to; null while it has published none. */
  walletSealingKey: () => Promise<Pubkey | null>;
}

/** What DNS said of a relay's own domain; '' when nothing is missing. */
export interface DomainFinding {
  problem: string;
  checkedAt: Date;
}

export interface PageRequest {
  limit: number;
  cursor?: string | undefined;
}

export interface Page<T> {
  rows: T[];
  /** Where the next page starts; null on the last one. */
  nextCursor: string | null;
}

export interface TenantsPort {
  find: (pubkey: Pubkey) => Promise<Tenant | null>;
  list: (page: PageRequest) => Promise<Page<Tenant>>;
  /** Whose customer it is at Stripe. */
  findByCustomer: (stripeCustomerId: string) => Promise<Pubkey | null>;
  /** Idempotent, also when calls race. */
  ensure: (tenant: { pubkey: Pubkey; returnUrl?: string }) => Promise<Tenant>;
  update: (pubkey: Pubkey, actor: Pubkey, changes: { wallet?: SealedWallet | null }) => Promise<Tenant>;
  /** Ends the account with its relays. `check` runs under the tenant's lock, on what it sees there. */
  remove: (target: { pubkey: Pubkey; actor: Pubkey }, check: (account: TenantAccount) => void) => Promise<void>;
}

/** An account that is about to end. */
export interface TenantAccount {
  relays: readonly Relay[];
  hasOpenInvoice: boolean;
  /** An attempt to collect, or a refund, whose outcome is not known yet. */
  hasMoneyUnderWay: boolean;
  /** Billing has not looked at everything that happened. */
  hasUnbilledFacts: boolean;
  /** Of what is on no invoice; negative is credit. */
  balanceCents: Cents;
}

export interface SealedWallet {
  sealedUrl: string;
  sealPubkey: Pubkey;
}

export interface RelaysPort {
  find: (id: Id) => Promise<Relay | null>;
  /** One that was deleted and may be had back. */
  findDeleted: (id: Id) => Promise<Relay | null>;
  list: (page: PageRequest) => Promise<Page<Relay>>;
  listOfTenant: (tenantPubkey: Pubkey, page: PageRequest) => Promise<Page<Relay>>;
}

/** Writes under the tenant's lock. The rules they are given run under it, on what they see there. */
export interface RelayCommandsPort {
  remove: (target: { id: Id; actor: string }, check: (relay: Relay) => void) => Promise<Relay>;
  restore: (
    target: { id: Id; actor: string },
    decide: (relay: Relay, relays: TenantRelays) => RelayChange,
  ) => Promise<Relay>;
  create: (relay: NewRelay, check: (relays: TenantRelays) => void) => Promise<Relay>;
  change: (
    target: { id: Id; actor: string },
    decide: (relay: Relay, relays: TenantRelays) => RelayChange | null,
  ) => Promise<Relay>;
}

export interface NewRelay {
  tenantPubkey: Pubkey;
  actor: string;
  settings: RelaySettings;
}

/** A tenant's relays in whatever status, as a rule may look at them. */
export interface TenantRelays {
  churned: boolean;
  count: number;
  freeCount: number;
}

export interface RelayChange {
  type: ActivityType;
  settings?: Partial<RelaySettings>;
  status?: RelayStatus;
}

export interface PlansPort {
  list: () => Promise<Plan[]>;
  find: (id: string) => Promise<Plan | null>;
}

export interface InvoicesPort {
  find: (id: Id) => Promise<Invoice | null>;
  listOfTenant: (tenantPubkey: Pubkey, page: PageRequest) => Promise<Page<Invoice>>;
  items: (invoiceId: Id, page: PageRequest) => Promise<Page<InvoiceItem>>;
  unbilledItems: (tenantPubkey: Pubkey, page: PageRequest) => Promise<Page<InvoiceItem>>;
  draft: (tenantPubkey: Pubkey) => Promise<UnbilledSum>;
  bolt11: (offerId: Id) => Promise<Bolt11Offer | null>;
}

export interface UnbilledSum {
  amountCents: Cents;
  periodStartS: number | null;
  periodEndS: number | null;
}

/** What happened to tenants, in the order of commits. */
export interface EventsPort {
  /** The oldest `limit` events after `seq`. */
  after: (tenantPubkey: Pubkey, seq: number, page: { limit: number }) => Promise<TenantEvent[]>;
  /** The last `seq` of each of these tenants. */
  heads: (tenantPubkeys: readonly Pubkey[]) => Promise<Map<Pubkey, number>>;
}

/** One event, with the row as it is now. `seq` is gapless per tenant. */
export type TenantEvent = { seq: number } & (
  { kind: 'activity'; row: Activity } | { kind: 'invoice'; row: Invoice } | { kind: 'message'; row: Message }
);
