/** Stripe's own account of the money, oldest first; a test compares it with ours. */
export function stripeLedger(): StripeLedgerBook {
  const entries: StripeLedgerEntry[] = [];
  return {
    add: (entry) => {
      entries.push({ session: null, refund: null, ...entry });
    },
    list: () => entries,
  };
}

export interface StripeLedgerBook {
  add(entry: Omit<StripeLedgerEntry, 'session' | 'refund'> & Partial<StripeLedgerEntry>): void;
  list(): readonly StripeLedgerEntry[];
}

/**
 * `charge`: money came; `refund`: it went back (a refund that failed later is an entry of a negative amount); `decline` and
 * `cancel`: the amount that did not come.
 */
export interface StripeLedgerEntry {
  kind: 'charge' | 'decline' | 'refund' | 'cancel';
  atS: number;
  amountCents: number;
  currency: string;
  customer: string | null;
  paymentIntent: string;
  /** The Checkout session that was paid. */
  session: string | null;
  refund: string | null;
  /** Of the PaymentIntent, or of the refund. */
  metadata: Record<string, string>;
}
