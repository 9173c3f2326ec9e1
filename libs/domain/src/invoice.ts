import type { Id } from './ids.js';
import type { Cents, Msats } from './money.js';
import type { Pubkey } from './pubkey.js';

/** How an invoice was paid: a pull from the tenant's wallet, a card or Checkout, a bolt11 paid by hand. */
export type PaymentMethod = 'nwc' | 'stripe' | 'oob';

/** An invoice is immutable but for its end: paid or voided. Open means neither. */
export interface Invoice {
  id: Id;
  tenantPubkey: Pubkey;
  amountCents: Cents;
  periodStartS: number;
  periodEndS: number;
  createdAtS: number;
  paidAtS: number | null;
  voidedAtS: number | null;
  method: PaymentMethod | null;
}

/** One charge (positive) or credit (negative). Not yet billed while `invoiceId` is null. */
export interface InvoiceItem {
  id: Id;
  invoiceId: Id | null;
  activityId: Id | null;
  tenantPubkey: Pubkey;
  relayId: Id | null;
  planId: string;
  amountCents: Cents;
  description: string;
  createdAtS: number;
  voidedAtS: number | null;
}

/** A Lightning invoice that offers to settle one of ours. */
export interface Bolt11Offer {
  id: Id;
  invoiceId: Id;
  lnbc: string;
  msats: Msats;
  createdAtS: number;
  expiresAtS: number;
  settledAtS: number | null;
}

/** Below this an invoice is not cut; the balance carries to the next one. */
export const MIN_INVOICE_CENTS = 50;
