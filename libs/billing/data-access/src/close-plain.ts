import { idSchema, MIN_INVOICE_CENTS, pubkeySchema } from '@caravel/domain';
import type { Id, Pubkey } from '@caravel/domain';
import { Prisma } from '@caravel/platform-data-access';
import type { Sql } from '@caravel/platform-data-access';
import { firstLookSql } from './first-look-sql.js';
import { idSql } from './id-sql.js';
import { CREDIT_KINDS } from './ledger.js';
import { periodBoundarySql } from './period-boundary-sql.js';

export interface PlainClose {
  tenantPubkey: Pubkey;
  /** Null when there was too little to ask for. */
  invoiceId: Id | null;
}

/**
 * Closes the running period of the plain ones among tenants whose locks this transaction took in an earlier statement: next
 * period, renewals, cycle invoice with everything unbilled, ledger. One statement, whatever their number; exactly the rows
 * of the pure replay.
 *
 * Plain is who has one boundary behind, no fact that was not replayed, a relay to renew, none that has yet to answer, and no
 * credit. Whoever is not is left untouched, and so is whom another closer was faster with: it answers those it closed.
 */
export async function closePlain(
  tx: Sql,
  tenantPubkeys: readonly Pubkey[],
  { now, graceDays }: { now: Date; graceDays: number | undefined },
): Promise<PlainClose[]> {
  const rows = await tx.$queryRaw<{ tenant: string; invoice_id: string | null }[]>`
    WITH plain AS MATERIALIZED (${plain(tenantPubkeys, now)}
    ), renewal AS MATERIALIZED (${renewals(now)}
    ), bill AS MATERIALIZED (${bills(now)}
    ), new_invoice AS (${insertInvoices(now)}
    ), drafted AS (
      UPDATE invoice_item item SET invoice_id = moved.invoice_id
      FROM (SELECT invoice_id, unnest(draft_ids) AS id FROM bill WHERE invoice_id IS NOT NULL) AS moved WHERE item.id = moved.id
    ), new_item AS (${insertItems}
    ), new_entry AS (${insertEntries(now)}
    ), relay AS (${startSums}
    ), period AS (
      UPDATE tenant_billing billing SET period_index = next_index, period_start = start_at, period_end = end_at,
        dunning_at = CASE WHEN invoice_id IS NULL THEN billing.dunning_at
          ELSE least(billing.dunning_at, ${firstLookSql(Prisma.sql`issued_at`, graceDays)}) END
      FROM bill WHERE billing.tenant_pubkey = tenant
    ), history AS (
      UPDATE tenant_history history SET at = start_at FROM plain WHERE history.pubkey = tenant AND history.at < start_at
    )
    SELECT tenant, invoice_id FROM bill ORDER BY tenant`;
  return rows.map(({ tenant, invoice_id: id }) => ({
    tenantPubkey: pubkeySchema.parse(tenant),
    invoiceId: id === null ? null : idSchema.parse(id),
  }));
}

// Statistics of what is open or unbilled are out of date whenever it matters, so each look-up is tied to one tenant's rows:
// by LATERAL, and OFFSET 0 keeps the planner from reading a whole partial index that used to be empty.
const plain = (tenantPubkeys: readonly Pubkey[], now: Date) => Prisma.sql`
  SELECT tenant_pubkey AS tenant, period_index + 1 AS next_index, period_end AS start_at, next.end_at, draft.*
  FROM tenant_billing billing
  CROSS JOIN LATERAL (SELECT ${periodBoundarySql(Prisma.sql`anchor`, Prisma.sql`period_index + 2`)} AS end_at) AS next
  CROSS JOIN LATERAL (
    SELECT array_agg(id) AS draft_ids, coalesce(sum(amount_cents), 0)::int AS draft_cents,
           coalesce(sum(amount_cents) FILTER (WHERE kind = ANY(${[...CREDIT_KINDS]}::text[])), 0)::int AS credit_cents
    FROM invoice_item item
    WHERE item.tenant_pubkey = billing.tenant_pubkey AND invoice_id IS NULL AND voided_at IS NULL) AS draft
  CROSS JOIN LATERAL (
    SELECT bool_or(billable) AS renew, bool_or(NOT provisioned AND NOT waiting) AS yet_to_answer
    FROM relay_billing relay WHERE relay.tenant_pubkey = billing.tenant_pubkey) AS relays
  WHERE tenant_pubkey = ANY(${[...tenantPubkeys]}::text[])
    AND anchor IS NOT NULL AND period_end <= ${now} AND next.end_at > ${now}
    AND draft.draft_cents >= 0 AND relays.renew AND NOT relays.yet_to_answer
    AND NOT EXISTS (SELECT FROM activity WHERE activity.tenant_pubkey = billing.tenant_pubkey
                    AND billed_at IS NULL AND resource_type = 'relay' OFFSET 0)`;

const renewals = (now: Date) => Prisma.sql`
  SELECT ${idSql(now, Prisma.sql`row_number() OVER (PARTITION BY tenant ORDER BY created_at, relay_id)`)} AS id,
         tenant, relay_id, plan_id, amount_cents, start_at, end_at
  FROM plain JOIN relay_billing ON tenant_pubkey = tenant WHERE billable`;

// Issue dates of a tenant are strictly ordered: that is the order credits meet invoices in. One that lies ahead was written
// just now. (Asked for in these words, the tenant's own index is used and not the one on all open invoices.)
const bills = (now: Date) => Prisma.sql`
  SELECT plain.*, total.cents AS total_cents,
         CASE WHEN total.cents >= ${MIN_INVOICE_CENTS} THEN ${idSql(now, Prisma.sql`0`)} END AS invoice_id,
         greatest(${now}::timestamptz, (
           SELECT max(issued_at + interval '1 millisecond') FROM invoice
           WHERE tenant_pubkey = tenant AND created_at > ${now}::timestamptz - interval '1 minute'
             AND coalesce(paid_at, voided_at) IS NULL)) AS issued_at
  FROM plain JOIN (SELECT tenant, sum(amount_cents)::int AS cents FROM renewal GROUP BY tenant) AS renewed USING (tenant)
  CROSS JOIN LATERAL (SELECT draft_cents + renewed.cents AS cents) AS total`;

const insertInvoices = (now: Date) => Prisma.sql`
  INSERT INTO invoice (id, tenant_pubkey, cause, kind, amount_cents, period_start, period_end, issued_at, created_at, next_try_at)
  SELECT invoice_id, tenant, 'cycle:' || extract(epoch FROM start_at)::bigint, 'cycle', total_cents, start_at, end_at,
         issued_at, ${now}, ${now}
  FROM bill WHERE invoice_id IS NOT NULL`;

const insertItems = Prisma.sql`
  INSERT INTO invoice_item (id, tenant_pubkey, invoice_id, relay_id, plan_id, kind, amount_cents, description,
                            period_start, period_end, created_at)
  SELECT renewal.id, tenant, invoice_id, relay_id, plan_id, 'renewal', amount_cents,
         plan_id || to_char(renewal.start_at AT TIME ZONE 'UTC', '": "YYYY-MM-DD')
           || to_char(renewal.end_at AT TIME ZONE 'UTC', '" to "YYYY-MM-DD'),
         renewal.start_at, renewal.end_at, renewal.start_at
  FROM renewal JOIN bill USING (tenant)`;

// As `itemPosting` and `invoicePosting` say it.
const insertEntries = (now: Date) => Prisma.sql`
  INSERT INTO ledger_entry (source, tenant_pubkey, account, amount_cents, at)
  SELECT source, tenant, account, cents, ${now}
  FROM (SELECT 'item:' || id, tenant, account, sign * amount_cents
        FROM renewal CROSS JOIN (VALUES ('unbilled', 1), ('revenue', -1)) AS side(account, sign)
        UNION ALL SELECT 'invoice:' || invoice_id, tenant, account, side.cents
        FROM bill CROSS JOIN LATERAL (
          VALUES ('receivable', total_cents), ('unbilled', credit_cents - total_cents), ('credit', -credit_cents)
        ) AS side(account, cents) WHERE invoice_id IS NOT NULL) AS entry(source, tenant, account, cents)
  WHERE cents <> 0`;

/** A billable relay owes the whole new period, any other nothing so far. */
const startSums = Prisma.sql`
  UPDATE relay_billing relay SET numerator = sums.numerator, itemised_cents = sums.cents
  FROM plain JOIN relay_billing before ON before.tenant_pubkey = tenant
  CROSS JOIN LATERAL (SELECT CASE WHEN before.billable THEN before.amount_cents ELSE 0 END AS cents) AS price
  CROSS JOIN LATERAL (SELECT price.cents, price.cents * extract(epoch FROM end_at - start_at)::bigint AS numerator) AS sums
  WHERE relay.relay_id = before.relay_id
    AND (relay.numerator, relay.itemised_cents) <> (sums.numerator, sums.cents)`;
