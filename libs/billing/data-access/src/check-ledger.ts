import type { Sql } from '@caravel/platform-data-access';

/** One thing that is wrong with the books. */
export interface LedgerProblem {
  problem: string;
  /** The source, tenant or invoice it is about. */
  about: string;
  ledgerCents: bigint;
  rowsCents: bigint;
}

/**
 * Compares the ledger with the rows it tells of; empty when the books are right. Entries of a source sum to zero; `unbilled`
 * and `credit` are what the items of service and of money on no invoice sum to, `receivable` the open invoices, `write_off` those
 * that were forgiven, `revenue` every item of service or adjustment there ever was, cash what invoices and late payments brought
 * less what was refunded; and every invoice that is not voided is the sum of its items. Reads everything: for tests, proofs
 * and the simulator.
 */
export function checkLedger(db: Sql): Promise<LedgerProblem[]> {
  return db.$queryRaw<LedgerProblem[]>`
    WITH balance AS (
      SELECT tenant_pubkey AS tenant, CASE WHEN account LIKE 'cash%' THEN 'cash' ELSE account END AS account,
        sum(amount_cents) AS cents FROM ledger_entry GROUP BY 1, 2
    ), received AS (
      SELECT tenant_pubkey AS tenant, amount_cents AS cents FROM invoice WHERE paid_at IS NOT NULL
      UNION ALL SELECT tenant_pubkey, -amount_cents FROM invoice_item WHERE kind IN ('late_payment', 'refund')
    ), rows AS (
      SELECT tenant_pubkey AS tenant,
        CASE WHEN kind IN ('late_payment', 'adjustment', 'refund') THEN 'credit' ELSE 'unbilled' END AS account,
        sum(amount_cents) AS cents FROM invoice_item WHERE invoice_id IS NULL AND voided_at IS NULL GROUP BY 1, 2
      UNION ALL SELECT tenant_pubkey, 'receivable', sum(amount_cents) FROM invoice
        WHERE paid_at IS NULL AND voided_at IS NULL GROUP BY 1
      UNION ALL SELECT tenant_pubkey, 'write_off', sum(amount_cents) FROM invoice
        WHERE void_reason IN ('forgive', 'write_off') GROUP BY 1
      UNION ALL SELECT tenant_pubkey, 'revenue', -sum(amount_cents) FROM invoice_item
        WHERE kind NOT IN ('late_payment', 'refund') GROUP BY 1
      UNION ALL SELECT tenant, 'cash', sum(cents) FROM received GROUP BY 1
    ), problems AS (
      SELECT 'source does not sum to zero' AS problem, source AS about, sum(amount_cents) AS ledger, 0 AS rows
        FROM ledger_entry GROUP BY source HAVING sum(amount_cents) <> 0
      UNION ALL SELECT account || ' differs', tenant, coalesce(balance.cents, 0), coalesce(rows.cents, 0)
        FROM balance FULL JOIN rows USING (tenant, account) WHERE coalesce(balance.cents, 0) <> coalesce(rows.cents, 0)
      UNION ALL SELECT 'invoice is not booked as its method says', invoice.id, coalesce(sum(entry.amount_cents), 0), invoice.amount_cents
        FROM invoice LEFT JOIN ledger_entry entry ON entry.source = 'payment:' || invoice.id AND entry.account = 'cash_' || invoice.method
        WHERE paid_at IS NOT NULL GROUP BY invoice.id HAVING coalesce(sum(entry.amount_cents), 0) <> invoice.amount_cents
      UNION ALL SELECT 'invoice is not the sum of its items', invoice.id, invoice.amount_cents, coalesce(sum(item.amount_cents), 0)
        FROM invoice LEFT JOIN invoice_item item ON item.invoice_id = invoice.id AND item.voided_at IS NULL
        WHERE invoice.voided_at IS NULL GROUP BY invoice.id HAVING invoice.amount_cents <> coalesce(sum(item.amount_cents), 0)
    )
    SELECT problem, about, ledger::bigint AS "ledgerCents", rows::bigint AS "rowsCents" FROM problems`;
}
