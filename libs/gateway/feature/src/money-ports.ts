import type { Cents, Id, Invoice, Pubkey } from '@caravel/domain';

/** Sums for an administrator; cents. `mrr`, what is open and what waits are as of now. */
export interface RevenuePort {
  revenue: (span: { from: Date; to: Date }) => Promise<{
    mrr: number;
    collected: { nwc: number; stripe: number; oob: number };
    refunded: number;
    writtenOff: number;
    failedAttempts: { count: number; amount: number };
    delinquent: { tenants: number; amount: number };
    creditOutstanding: number;
    openReceivables: { invoices: number; amount: number };
  }>;
}

/** Everything there is, in the order it was written, some rows at a time. */
export interface ExportsPort {
  invoices: () => AsyncIterable<ExportedInvoice[]>;
  invoicesOfTenant: (tenantPubkey: Pubkey) => AsyncIterable<ExportedInvoice[]>;
  ledger: () => AsyncIterable<ExportedEntry[]>;
}

export interface ExportedInvoice {
  id: string;
  number: string | null;
  publicToken: string;
  tenantPubkey: string;
  kind: string;
  amountCents: number;
  issuedAt: Date;
  periodStart: Date;
  periodEnd: Date;
  paidAt: Date | null;
  method: string | null;
  voidedAt: Date | null;
  voidReason: string | null;
  voidNote: string | null;
}

/** One side of a movement: debits positive, credits negative. */
export interface ExportedEntry {
  id: bigint;
  at: Date;
  source: string;
  tenantPubkey: string;
  account: string;
  amountCents: number;
}

export interface InvoiceDocumentsPort {
  byToken: (publicToken: string) => Promise<InvoiceDocument | null>;
  byId: (id: Id) => Promise<InvoiceDocument | null>;
}

/** An invoice with everything its printed page says. */
export interface InvoiceDocument {
  invoice: Invoice;
  /** Null in the instant between being cut and being numbered. */
  number: string | null;
  publicToken: string;
  issuedAtS: number;
  voidReason: 'recut' | 'forgive' | 'write_off' | null;
  lines: readonly InvoiceLine[];
}

export interface InvoiceLine {
  amountCents: Cents;
  description: string;
  relay: { id: Id; name: string; host: string } | null;
}

/** Who asks for the money, as printed. */
export interface Seller {
  name: string;
  addressLines: readonly string[];
  taxId: string;
  /** A tax that prices include; null when none is shown. */
  tax: { label: string; percent: string } | null;
}
