import type { Client } from 'pg';

/** Tenants whose periods have ended at `first`, and further ones whose have a day later. No second period has ended yet. */
export interface Seed {
  first: number;
  later: number;
}

export const FIRST_S = Date.parse('2026-04-06T00:00:00Z') / 1000;
export const LATER_S = FIRST_S + 86_400;

/**
 * Tenants with three relays whose first month was billed and paid, and ends somewhere on 5 or 6 April. Their keys are in no
 * order, as real ones, so that indexes are met at random.
 */
export async function seedTenants(client: Client, { first, later }: Seed): Promise<void> {
  await client.query(`SELECT setseed(0.5)`);
  for (const sql of [TENANTS, ...OF_ALL]) await client.query(sql, sql === TENANTS ? [first, later] : []);
  await client.query('VACUUM ANALYZE');
  await client.query('CHECKPOINT');
}

const TENANTS = `
  CREATE TEMP TABLE seed AS
  SELECT encode(sha256(n::text::bytea), 'hex') AS tenant, 'i' || gen_random_uuid() AS invoice,
         timestamptz '2026-03-05 00:00Z' + floor(random() * 86400) * interval '1 second'
           + CASE WHEN n > $1::int THEN interval '1 day' ELSE interval '0' END AS anchor
  FROM generate_series(1, $1::int + $2::int) AS n`;

const RELAYS = `(SELECT seed.*, overlay(overlay(md5(tenant || n)::uuid::text PLACING '7' FROM 15) PLACING '8' FROM 20) AS relay, plan.id AS plan, plan.amount_cents AS cents,
    n, anchor + interval '1 month' AS ends
  FROM seed CROSS JOIN generate_series(1, 3) AS n JOIN plan ON plan.id = CASE WHEN n < 3 THEN 'basic' ELSE 'growth' END) AS relay`;

const OF_ALL = [
  `INSERT INTO tenant (pubkey, created_at) SELECT tenant, anchor FROM seed`,
  `INSERT INTO tenant_history (pubkey, seq, at) SELECT tenant, 3, anchor FROM seed`,
  `INSERT INTO tenant_billing (tenant_pubkey, anchor, period_start, period_end)
   SELECT tenant, anchor, anchor, anchor + interval '1 month' FROM seed`,
  `INSERT INTO relay_billing (relay_id, tenant_pubkey, plan_id, amount_cents, billable, provisioned, created_at, numerator, itemised_cents)
   SELECT relay, tenant, plan, cents, true, true, anchor, cents * 2678400::bigint, cents FROM ${RELAYS}`,
  `INSERT INTO activity (id, tenant_pubkey, seq, at, type, resource_type, resource_id, actor, snapshot, billed_at)
   SELECT 'a' || relay, tenant, n, anchor, 'create_relay', 'relay', relay, tenant, '{}', anchor FROM ${RELAYS}`,
  `INSERT INTO invoice (id, tenant_pubkey, cause, kind, amount_cents, period_start, period_end, issued_at, created_at, paid_at, method, number)
   SELECT invoice, tenant, 'cycle:' || extract(epoch FROM anchor)::bigint, 'cycle', 3500, anchor, anchor + interval '1 month', anchor,
     anchor, anchor, 'nwc', '2026-' || lpad(row_number() OVER ()::text, 6, '0') FROM seed`,
  `INSERT INTO invoice_counter (year, last) SELECT 2026, count(*) FROM seed`,
  `INSERT INTO invoice_item (id, tenant_pubkey, invoice_id, activity_id, relay_id, plan_id, kind, amount_cents, description, period_start, period_end, created_at)
   SELECT 'c' || relay, tenant, invoice, 'a' || relay, relay, plan, 'charge', cents, plan, anchor, ends, anchor FROM ${RELAYS}`,
  `INSERT INTO ledger_entry (source, tenant_pubkey, account, amount_cents, at)
   SELECT source, tenant, account, sign * cents, anchor FROM (
     SELECT 'item:c' || relay, tenant, cents, anchor, 'unbilled', 'revenue' FROM ${RELAYS}
     UNION ALL SELECT 'invoice:' || invoice, tenant, 3500, anchor, 'receivable', 'unbilled' FROM seed
     UNION ALL SELECT 'payment:' || invoice, tenant, 3500, anchor, 'cash_nwc', 'receivable' FROM seed
   ) AS posting(source, tenant, cents, anchor, debit, credit)
   CROSS JOIN LATERAL (VALUES (debit, 1), (credit, -1)) AS side(account, sign)`,
];
