import type { Id, PaymentMethod, Pubkey } from '@caravel/domain';
import type { Db, Tx } from '@caravel/platform-data-access';

type Account = 'unbilled' | 'receivable' | 'revenue' | 'cash_nwc' | 'cash_stripe' | 'cash_oob' | 'write_off';

/** One movement of money, told twice: `amountCents` is debited to one account and credited to another. */
export interface Posting {
  /** Unique: a source is booked once, whoever tries again. */
  source: string;
  tenantPubkey: Pubkey;
  debit: Account;
  credit: Account;
  /** Negative turns the posting around. Never zero. */
  amountCents: number;
}

type About = Pick<Posting, 'tenantPubkey' | 'amountCents'>;

/** Earned and not yet asked for; a negative balance of `unbilled` is the tenant's credit. */
export const itemPosting = (id: Id, about: About): Posting => ({
  source: `item:${id}`,
  debit: 'unbilled',
  credit: 'revenue',
  ...about,
});

export const invoicePosting = (id: Id, about: About): Posting => ({
  source: `invoice:${id}`,
  debit: 'receivable',
  credit: 'unbilled',
  ...about,
});

export const recutPosting = (invoiceId: string, about: About): Posting => ({
  source: `void:${invoiceId}`,
  debit: 'unbilled',
  credit: 'receivable',
  ...about,
});

export const paymentPosting = (invoiceId: Id, method: PaymentMethod, about: About): Posting => ({
  source: `payment:${invoiceId}`,
  debit: `cash_${method}`,
  credit: 'receivable',
  ...about,
});

/** Money for an invoice that was closed already: the tenant's credit. */
export const latePaymentPosting = (offerId: Id, method: PaymentMethod, about: About): Posting => ({
  source: `late:${offerId}`,
  debit: `cash_${method}`,
  credit: 'unbilled',
  ...about,
});

/** Books all postings in one statement, as the ledger's trigger demands. */
export async function post(tx: Tx, postings: readonly Posting[], at: Date): Promise<void> {
  if (postings.length === 0) return;
  const rows = postings.flatMap(({ source, tenantPubkey, debit, credit, amountCents }) => [
    { source, tenant_pubkey: tenantPubkey, account: debit, amount_cents: amountCents },
    { source, tenant_pubkey: tenantPubkey, account: credit, amount_cents: -amountCents },
  ]);
  await tx.$executeRaw`
    INSERT INTO ledger_entry (source, tenant_pubkey, account, amount_cents, at)
    SELECT source, tenant_pubkey, account, amount_cents, ${at}
    FROM json_to_recordset(${JSON.stringify(rows)}::json)
      AS entry(source text, tenant_pubkey text, account text, amount_cents int)`;
}

/** One thing that is wrong with the books. */
export interface LedgerProblem {
  problem: string;
  /** The source, tenant or invoice it is about. */
  about: string;
  ledgerCents: bigint;
  rowsCents: bigint;
}

/**
 * Compares the ledger with the rows it tells of; empty when the books are right. Entries of a source sum to zero, `unbilled`
 * is what the items on no invoice sum to, `receivable` the open invoices, cash what invoices and late payments brought,
 * and every invoice that is not voided is the sum of its items. Reads everything: for tests, proofs and the simulator.
 */
export function checkLedger(db: Db): Promise<LedgerProblem[]> {
  return db.$queryRaw<LedgerProblem[]>`
    WITH balance AS (
      SELECT tenant_pubkey AS tenant, account, sum(amount_cents) AS cents FROM ledger_entry GROUP BY 1, 2
    ), rows AS (
      SELECT tenant_pubkey AS tenant, 'unbilled' AS account, sum(amount_cents) AS cents FROM invoice_item
        WHERE invoice_id IS NULL AND voided_at IS NULL GROUP BY 1
      UNION ALL SELECT tenant_pubkey, 'receivable', sum(amount_cents) FROM invoice
        WHERE paid_at IS NULL AND voided_at IS NULL GROUP BY 1
      UNION ALL SELECT tenant_pubkey, 'revenue', -sum(amount_cents) FROM invoice_item
        WHERE voided_at IS NULL AND kind <> 'late_payment' GROUP BY 1
    ), cash AS (
      SELECT tenant_pubkey AS tenant, sum(amount_cents) AS cents FROM ledger_entry WHERE account LIKE 'cash%' GROUP BY 1
    ), received AS (
      SELECT tenant, sum(cents) AS cents FROM (
        SELECT tenant_pubkey AS tenant, amount_cents AS cents FROM invoice WHERE paid_at IS NOT NULL
        UNION ALL SELECT tenant_pubkey, -amount_cents FROM invoice_item WHERE kind = 'late_payment') AS receipt GROUP BY 1
    ), problems AS (
      SELECT 'source does not sum to zero' AS problem, source AS about, sum(amount_cents) AS ledger, 0 AS rows
        FROM ledger_entry GROUP BY source HAVING sum(amount_cents) <> 0
      UNION ALL SELECT account || ' differs', tenant, coalesce(balance.cents, 0), coalesce(rows.cents, 0)
        FROM (SELECT * FROM balance WHERE account IN ('unbilled', 'receivable', 'revenue')) AS balance
        FULL JOIN rows USING (tenant, account) WHERE coalesce(balance.cents, 0) <> coalesce(rows.cents, 0)
      UNION ALL SELECT 'cash differs', tenant, coalesce(cash.cents, 0), coalesce(received.cents, 0)
        FROM cash FULL JOIN received USING (tenant) WHERE coalesce(cash.cents, 0) <> coalesce(received.cents, 0)
      UNION ALL SELECT 'invoice is not the sum of its items', invoice.id, invoice.amount_cents, coalesce(sum(item.amount_cents), 0)
        FROM invoice LEFT JOIN invoice_item item ON item.invoice_id = invoice.id AND item.voided_at IS NULL
        WHERE invoice.voided_at IS NULL GROUP BY invoice.id HAVING invoice.amount_cents <> coalesce(sum(item.amount_cents), 0)
    )
    SELECT problem, about, ledger::bigint AS "ledgerCents", rows::bigint AS "rowsCents" FROM problems`;
}
