import type { Db } from './database.js';

/** From `from` on, before `to`. */
export interface Span {
  from: Date;
  to: Date;
}

/** Cents and counts. What names a span happened in it, all else is as of now. */
export interface Revenue {
  /** What all paid active relays cost in a month. */
  mrr: number;
  /** Received in the span, by how it was paid; late payments too. */
  collected: { nwc: number; stripe: number; oob: number };
  /** Given back in the span. */
  refunded: number;
  /** Forgiven and written off in the span. */
  writtenOff: number;
  /** Attempts that ended without money in the span; the amount counts each of them. */
  failedAttempts: { count: number; amount: number };
  delinquent: { tenants: number; amount: number };
  /** What tenants have waiting, each for itself: charges that are not invoiced yet taken off. */
  creditOutstanding: number;
  openReceivables: { invoices: number; amount: number };
}

export type RevenueStore = ReturnType<typeof revenueStore>;

/** Sums for an administrator: the money of a span comes from the ledger, what is open from the rows. */
export function revenueStore(db: Db) {
  return {
    revenue: async (span: Span): Promise<Revenue> => {
      const [money, failed, open, credit, mrr] = await Promise.all([
        moneyOf(db, span),
        failedOf(db, span),
        openInvoices(db),
        creditOutstanding(db),
        monthlyRevenue(db),
      ]);
      return { mrr, ...money, failedAttempts: failed, creditOutstanding: credit, ...open };
    },
  };
}

async function moneyOf(db: Db, { from, to }: Span): Promise<Pick<Revenue, 'collected' | 'refunded' | 'writtenOff'>> {
  const rows = await db.$queryRaw<{ account: string; debits: bigint; credits: bigint }[]>`
    SELECT account, coalesce(sum(amount_cents) FILTER (WHERE amount_cents > 0), 0)::bigint AS debits,
           coalesce(-sum(amount_cents) FILTER (WHERE amount_cents < 0), 0)::bigint AS credits
    FROM ledger_entry
    WHERE account IN ('cash_nwc', 'cash_stripe', 'cash_oob', 'write_off') AND at >= ${from} AND at < ${to}
    GROUP BY account`;
  const of = (account: string) => rows.find((row) => row.account === account);
  const collected = (method: string) => Number(of(`cash_${method}`)?.debits ?? 0n);
  return {
    collected: { nwc: collected('nwc'), stripe: collected('stripe'), oob: collected('oob') },
    refunded: Number(of('cash_stripe')?.credits ?? 0n),
    writtenOff: Number(of('write_off')?.debits ?? 0n),
  };
}

async function failedOf(db: Db, { from, to }: Span): Promise<Revenue['failedAttempts']> {
  const [row] = await db.$queryRaw<{ count: bigint; amount: bigint }[]>`
    SELECT count(*) AS count, coalesce(sum(amount_cents), 0)::bigint AS amount
    FROM collection_attempt WHERE state = 'failed' AND resolved_at >= ${from} AND resolved_at < ${to}`;
  return { count: Number(row?.count ?? 0n), amount: Number(row?.amount ?? 0n) };
}

/** The open invoices are few beside all there ever were, and churned tenants few among them: partial indexes hold both. */
async function openInvoices(db: Db): Promise<Pick<Revenue, 'delinquent' | 'openReceivables'>> {
  const [row] = await db.$queryRaw<Record<'invoices' | 'amount' | 'tenants' | 'overdue', bigint>[]>`
    SELECT count(*) AS invoices, coalesce(sum(amount_cents), 0)::bigint AS amount,
           (SELECT count(*) FROM tenant_billing WHERE churned_at IS NOT NULL) AS tenants,
           coalesce(sum(amount_cents) FILTER (WHERE tenant_pubkey IN (
             SELECT tenant_pubkey FROM tenant_billing WHERE churned_at IS NOT NULL)), 0)::bigint AS overdue
    FROM invoice WHERE paid_at IS NULL AND voided_at IS NULL`;
  return {
    delinquent: { tenants: Number(row?.tenants ?? 0n), amount: Number(row?.overdue ?? 0n) },
    openReceivables: { invoices: Number(row?.invoices ?? 0n), amount: Number(row?.amount ?? 0n) },
  };
}

async function creditOutstanding(db: Db): Promise<number> {
  const [row] = await db.$queryRaw<{ cents: bigint }[]>`
    SELECT coalesce(-sum(balance), 0)::bigint AS cents FROM (
      SELECT sum(amount_cents) AS balance FROM invoice_item
      WHERE invoice_id IS NULL AND voided_at IS NULL GROUP BY tenant_pubkey) AS unbilled
    WHERE balance < 0`;
  return Number(row?.cents ?? 0n);
}

async function monthlyRevenue(db: Db): Promise<number> {
  const [row] = await db.$queryRaw<{ cents: bigint }[]>`
    SELECT coalesce(sum(plan.amount_cents), 0)::bigint AS cents FROM relay JOIN plan ON plan.id = relay.plan_id
    WHERE relay.status = 'active' AND relay.deleted_at IS NULL AND plan.amount_cents > 0`;
  return Number(row?.cents ?? 0n);
}
