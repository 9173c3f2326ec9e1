import type { BillingFact, OpenInvoice, RelayAccount } from '@caravel/billing-domain';
import { activityTypeSchema, idSchema, relaySnapshotSchema, unixSeconds } from '@caravel/domain';
import type { Pubkey } from '@caravel/domain';
import type { Tx } from '@caravel/platform-data-access';
import type { InvoiceKind, InvoiceTerms, LoadedAccount } from './account.js';
import { CREDIT_KINDS } from './ledger.js';

/** More than any tenant does between two looks; bounds one transaction. */
const MAX_FACTS = 500;

/** Reads the books of locked tenants, one statement for each table whatever their number. */
export async function loadAccounts(tx: Tx, tenantPubkeys: readonly Pubkey[]): Promise<LoadedAccount[]> {
  const pubkeys = [...tenantPubkeys];
  const periods = byTenant(await loadPeriods(tx, pubkeys));
  const relays = byTenant(await loadRelays(tx, pubkeys));
  const unbilled = byTenant(await loadUnbilled(tx, pubkeys));
  const invoices = byTenant(await loadOpenInvoices(tx, pubkeys));
  const facts = byTenant(await loadFacts(tx, pubkeys));

  return tenantPubkeys.map((tenantPubkey) => {
    const [period] = periods.get(tenantPubkey) ?? [];
    const open = invoices.get(tenantPubkey) ?? [];
    const news = (facts.get(tenantPubkey) ?? []).map(toFact);
    const accounts = (relays.get(tenantPubkey) ?? []).map(toRelayAccount);
    return {
      tenantPubkey,
      state: {
        anchorS: secondsOrNull(period?.anchor),
        periodIndex: period?.period_index ?? 0,
        periodStartS: secondsOrNull(period?.period_start),
        periodEndS: secondsOrNull(period?.period_end),
        relays: new Map(accounts.map((account) => [account.relayId, account])),
        unbilledCents: unbilled.get(tenantPubkey)?.[0]?.cents ?? 0,
        openInvoices: open.map(toOpenInvoice),
      },
      facts: news.slice(0, MAX_FACTS),
      more: news.length > MAX_FACTS,
      terms: new Map(open.map((row) => [row.id, toTerms(row)])),
      creditCents: new Map<string | null, number>([
        [null, unbilled.get(tenantPubkey)?.[0]?.credit_cents ?? 0],
        ...open.map((row): [string, number] => [row.id, row.credit_cents]),
      ]),
    };
  });
}

const loadPeriods = (tx: Tx, pubkeys: string[]) => tx.$queryRaw<PeriodRow[]>`
  SELECT tenant_pubkey, anchor, period_index, period_start, period_end
  FROM tenant_billing WHERE tenant_pubkey = ANY(${pubkeys})`;

const loadRelays = (tx: Tx, pubkeys: string[]) => tx.$queryRaw<RelayRow[]>`
  SELECT tenant_pubkey, relay_id, plan_id, amount_cents, billable, provisioned, waiting, created_at, numerator, itemised_cents
  FROM relay_billing WHERE tenant_pubkey = ANY(${pubkeys}) ORDER BY created_at, relay_id`;

const loadUnbilled = (tx: Tx, pubkeys: string[]) => tx.$queryRaw<UnbilledRow[]>`
  SELECT tenant_pubkey, sum(amount_cents)::int AS cents,
         coalesce(sum(amount_cents) FILTER (WHERE kind = ANY(${[...CREDIT_KINDS]})), 0)::int AS credit_cents
  FROM invoice_item
  WHERE tenant_pubkey = ANY(${pubkeys}) AND invoice_id IS NULL AND voided_at IS NULL GROUP BY tenant_pubkey`;

// Issue dates of one tenant differ by at least a millisecond, so this is the order in which they were cut.
const loadOpenInvoices = (tx: Tx, pubkeys: string[]) => tx.$queryRaw<InvoiceRow[]>`
  SELECT tenant_pubkey, id, cause, kind, amount_cents, period_start, period_end, issued_at, tries, next_try_at,
         EXISTS (SELECT FROM collection_attempt attempt WHERE attempt.invoice_id = invoice.id
                 AND attempt.state IN ('created', 'dispatched', 'unknown')) AS locked,
         (SELECT coalesce(sum(item.amount_cents), 0)::int FROM invoice_item item WHERE item.invoice_id = invoice.id
          AND item.voided_at IS NULL AND item.kind = ANY(${[...CREDIT_KINDS]})) AS credit_cents
  FROM invoice WHERE tenant_pubkey = ANY(${pubkeys}) AND paid_at IS NULL AND voided_at IS NULL ORDER BY issued_at, id`;

const loadFacts = (tx: Tx, pubkeys: string[]) => tx.$queryRaw<FactRow[]>`
  SELECT fact.* FROM unnest(${pubkeys}::text[]) AS tenant(pubkey) CROSS JOIN LATERAL (
    SELECT tenant_pubkey, id, seq, at, type, resource_id, snapshot FROM activity
    WHERE tenant_pubkey = tenant.pubkey AND billed_at IS NULL AND resource_type = 'relay'
    ORDER BY seq LIMIT ${MAX_FACTS + 1}) AS fact
  ORDER BY fact.tenant_pubkey, fact.seq`;

function byTenant<Row extends { tenant_pubkey: string }>(rows: readonly Row[]): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groups.get(row.tenant_pubkey);
    if (group) group.push(row);
    else groups.set(row.tenant_pubkey, [row]);
  }
  return groups;
}

const secondsOrNull = (date: Date | null | undefined) => (date ? unixSeconds(date) : null);

function toFact(row: FactRow): BillingFact {
  return {
    activityId: idSchema.parse(row.id),
    seq: row.seq,
    atS: unixSeconds(row.at),
    relayId: idSchema.parse(row.resource_id),
    type: activityTypeSchema.parse(row.type),
    snapshot: relaySnapshotSchema.parse(row.snapshot),
  };
}

function toRelayAccount(row: RelayRow): RelayAccount {
  return {
    relayId: idSchema.parse(row.relay_id),
    planId: row.plan_id,
    amountCents: row.amount_cents,
    createdAtS: unixSeconds(row.created_at),
    billable: row.billable,
    provisioned: row.provisioned,
    waiting: row.waiting,
    numerator: row.numerator,
    itemisedCents: row.itemised_cents,
  };
}

function toOpenInvoice(row: InvoiceRow): OpenInvoice {
  return {
    ref: row.id,
    cause: row.cause,
    amountCents: row.amount_cents,
    periodStartS: unixSeconds(row.period_start),
    periodEndS: unixSeconds(row.period_end),
    locked: row.locked,
  };
}

function toTerms(row: InvoiceRow): InvoiceTerms {
  return { kind: row.kind, issuedAt: row.issued_at, tries: row.tries, nextTryAt: row.next_try_at };
}

interface PeriodRow {
  tenant_pubkey: string;
  anchor: Date | null;
  period_index: number;
  period_start: Date | null;
  period_end: Date | null;
}

interface RelayRow {
  tenant_pubkey: string;
  relay_id: string;
  plan_id: string;
  amount_cents: number;
  billable: boolean;
  provisioned: boolean;
  waiting: boolean;
  created_at: Date;
  numerator: bigint;
  itemised_cents: number;
}

interface UnbilledRow {
  tenant_pubkey: string;
  cents: number;
  credit_cents: number;
}

interface InvoiceRow {
  tenant_pubkey: string;
  id: string;
  cause: string;
  kind: InvoiceKind;
  amount_cents: number;
  period_start: Date;
  period_end: Date;
  issued_at: Date;
  tries: number;
  next_try_at: Date | null;
  locked: boolean;
  credit_cents: number;
}

interface FactRow {
  tenant_pubkey: string;
  id: string;
  seq: number;
  at: Date;
  type: string;
  resource_id: string;
  snapshot: unknown;
}
