import type { Id, PaymentMethod, Pubkey } from '@caravel/domain';
import { Prisma } from '@caravel/platform-data-access';
import type { Sql } from '@caravel/platform-data-access';

type Account = 'unbilled' | 'credit' | 'receivable' | 'revenue' | `cash_${PaymentMethod}` | 'write_off';

/** Items of these kinds wait in `credit` for an invoice, those of service in `unbilled`. */
export const CREDIT_KINDS = ['late_payment', 'adjustment', 'refund'] as const;

/** One movement of money, told from both sides: debits are positive, credits negative, their sum is zero. */
export interface Posting {
  /** Unique with each account: a source is booked once, whoever tries again. */
  source: string;
  tenantPubkey: Pubkey;
  /** Each account at most once. What is zero is not written. */
  entries: readonly Entry[];
}

interface Entry {
  account: Account;
  amountCents: number;
}

interface About {
  tenantPubkey: Pubkey;
  amountCents: number;
}

/** An invoice's amount, and how much of it comes from items of {@link CREDIT_KINDS}: usually less than nothing. */
export interface InvoicedAmount extends About {
  creditCents: number;
}

/** Service, earned and not yet asked for. */
export const itemPosting = (id: Id, { tenantPubkey, amountCents }: About): Posting => ({
  source: `item:${id}`,
  tenantPubkey,
  entries: movement('unbilled', 'revenue', amountCents),
});

/** What was earned and what the tenant had waiting become what is asked for. */
export const invoicePosting = (id: string, { tenantPubkey, amountCents, creditCents }: InvoicedAmount): Posting => ({
  source: `invoice:${id}`,
  tenantPubkey,
  entries: [
    { account: 'receivable', amountCents },
    { account: 'unbilled', amountCents: creditCents - amountCents },
    { account: 'credit', amountCents: -creditCents },
  ],
});

/** The items are released: the reverse of {@link invoicePosting}. */
export const recutPosting = (invoiceId: string, amount: InvoicedAmount): Posting => ({
  source: `void:${invoiceId}`,
  tenantPubkey: amount.tenantPubkey,
  entries: invoicePosting(invoiceId, amount).entries.map(({ account, amountCents }) => ({
    account,
    amountCents: -amountCents,
  })),
});

/** Forgiven or written off: the items are voided too, what was earned stays revenue that nobody pays. */
export const writeOffPosting = (invoiceId: string, { tenantPubkey, amountCents }: About): Posting => ({
  source: `void:${invoiceId}`,
  tenantPubkey,
  entries: movement('write_off', 'receivable', amountCents),
});

export const paymentPosting = (
  invoiceId: Id,
  method: PaymentMethod,
  { tenantPubkey, amountCents }: About,
): Posting => ({
  source: `payment:${invoiceId}`,
  tenantPubkey,
  entries: movement(`cash_${method}`, 'receivable', amountCents),
});

/** Money for an invoice that was closed already: the tenant's credit. */
export const latePaymentPosting = (
  offerId: Id,
  method: PaymentMethod,
  { tenantPubkey, amountCents }: About,
): Posting => ({
  source: `late:${offerId}`,
  tenantPubkey,
  entries: movement(`cash_${method}`, 'credit', amountCents),
});

/** A credit note (`amountCents` negative) or an extra charge, of an item of kind `adjustment`. */
export const adjustmentPosting = (itemId: Id, { tenantPubkey, amountCents }: About): Posting => ({
  source: `adjustment:${itemId}`,
  tenantPubkey,
  entries: movement('credit', 'revenue', amountCents),
});

/** Credit given back through Stripe. */
export const refundPosting = (refundId: Id, { tenantPubkey, amountCents }: About): Posting => ({
  source: `refund:${refundId}`,
  tenantPubkey,
  entries: movement('credit', 'cash_stripe', amountCents),
});

/** Books all postings in one statement, as the ledger's trigger demands. */
export async function post(tx: Sql, postings: readonly Posting[], at: Date): Promise<void> {
  if (postings.some(({ entries }) => entries.some(({ amountCents }) => amountCents !== 0)))
    await tx.$executeRaw(entriesInsert(postings, at));
}

/** The same as a part of a statement that decides by `onlyIf` whether there is something to book. */
export function entriesInsert(
  postings: readonly Posting[],
  at: Date,
  onlyIf: Prisma.Sql = Prisma.sql`true`,
): Prisma.Sql {
  const rows = postings.flatMap(({ source, tenantPubkey, entries }) =>
    entries
      .filter(({ amountCents }) => amountCents !== 0)
      .map(({ account, amountCents }) => ({
        source,
        tenant_pubkey: tenantPubkey,
        account,
        amount_cents: amountCents,
      })),
  );
  return Prisma.sql`
    INSERT INTO ledger_entry (source, tenant_pubkey, account, amount_cents, at)
    SELECT source, tenant_pubkey, account, amount_cents, ${at}
    FROM json_to_recordset(${JSON.stringify(rows)}::json)
      AS entry(source text, tenant_pubkey text, account text, amount_cents int) WHERE ${onlyIf}`;
}

/** A negative amount turns the movement around. */
function movement(debit: Account, credit: Account, amountCents: number): Entry[] {
  return [
    { account: debit, amountCents },
    { account: credit, amountCents: -amountCents },
  ];
}
