import type { BillingFact, OpenInvoice, RelayAccount } from '@caravel/billing-domain';
import { activityTypeSchema, idSchema, relaySnapshotSchema, unixSeconds } from '@caravel/domain';
import type { Pubkey } from '@caravel/domain';
import { Prisma } from '@caravel/platform-data-access';
import type { Sql } from '@caravel/platform-data-access';
import type { InvoiceKind, InvoiceTerms, LoadedAccount } from './account.js';
import { CREDIT_KINDS } from './ledger.js';

/** More than any tenant does between two looks; bounds one transaction. */
const MAX_FACTS = 500;

/** Reads the books of locked tenants in one statement, whatever their number; each look-up is tied to one tenant's rows. */
export async function loadAccounts(tx: Sql, tenantPubkeys: readonly Pubkey[]): Promise<LoadedAccount[]> {
  const rows = await tx.$queryRaw<AccountRow[]>`
    SELECT tenant.pubkey, anchor, period_index, period_start, period_end, churned_at, stripe_customer_id, draft.*, relays.*, invoices.*, facts.*
    FROM unnest(${[...tenantPubkeys]}::text[]) AS tenant(pubkey)
    LEFT JOIN tenant_billing billing ON billing.tenant_pubkey = tenant.pubkey
    CROSS JOIN LATERAL (${draft}) AS draft CROSS JOIN LATERAL (${relays}) AS relays
    CROSS JOIN LATERAL (${openInvoices}) AS invoices CROSS JOIN LATERAL (${facts}) AS facts`;
  const byTenant = new Map(rows.map((row) => [row.pubkey, row]));
  return tenantPubkeys.flatMap((tenantPubkey) => {
    const row = byTenant.get(tenantPubkey);
    return row ? [toAccount(tenantPubkey, row)] : [];
  });
}

const draft = Prisma.sql`
  SELECT coalesce(sum(amount_cents), 0)::int AS draft_cents,
         coalesce(sum(amount_cents) FILTER (WHERE kind = ANY(${[...CREDIT_KINDS]})), 0)::int AS draft_credit_cents
  FROM invoice_item WHERE tenant_pubkey = tenant.pubkey AND invoice_id IS NULL AND voided_at IS NULL`;

const relays = Prisma.sql`
  SELECT json_agg(json_build_object('relay_id', relay_id, 'plan_id', plan_id, 'amount_cents', amount_cents,
           'billable', billable, 'provisioned', provisioned, 'waiting', waiting, 'created_at_s', ${seconds('created_at')},
           'numerator', numerator::text, 'itemised_cents', itemised_cents) ORDER BY created_at, relay_id) AS relays
  FROM relay_billing WHERE tenant_pubkey = tenant.pubkey`;

// Issue dates of one tenant differ by at least a millisecond, so this is the order in which they were cut.
const openInvoices = Prisma.sql`
  SELECT json_agg(json_build_object('id', id, 'cause', cause, 'kind', kind, 'amount_cents', amount_cents,
           'period_start_s', ${seconds('period_start')}, 'period_end_s', ${seconds('period_end')},
           'issued_at_ms', ${milliseconds('issued_at')}, 'tries', tries, 'next_try_at_ms', ${milliseconds('next_try_at')},
           'locked', EXISTS (SELECT FROM collection_attempt attempt WHERE attempt.invoice_id = invoice.id
                             AND attempt.state IN ('created', 'dispatched', 'unknown')),
           'credit_cents', (SELECT coalesce(sum(item.amount_cents), 0)::int FROM invoice_item item
                            WHERE item.invoice_id = invoice.id AND item.voided_at IS NULL
                              AND item.kind = ANY(${[...CREDIT_KINDS]}))) ORDER BY issued_at, id) AS invoices
  FROM invoice WHERE tenant_pubkey = tenant.pubkey AND paid_at IS NULL AND voided_at IS NULL`;

const facts = Prisma.sql`
  SELECT json_agg(fact ORDER BY seq) AS facts FROM (
    SELECT id, seq, ${seconds('at')} AS at_s, type, resource_id, snapshot FROM activity
    WHERE tenant_pubkey = tenant.pubkey AND billed_at IS NULL AND resource_type = 'relay'
    ORDER BY seq LIMIT ${MAX_FACTS + 1}) AS fact`;

/** JSON has no dates; these columns hold whole seconds and whole milliseconds. */
function seconds(column: string): Prisma.Sql {
  return Prisma.raw(`floor(extract(epoch FROM ${column}))::bigint`);
}

function milliseconds(column: string): Prisma.Sql {
  return Prisma.raw(`(extract(epoch FROM ${column}) * 1000)::bigint`);
}

function toAccount(tenantPubkey: Pubkey, row: AccountRow): LoadedAccount {
  const open = row.invoices ?? [];
  const news = (row.facts ?? []).map(toFact);
  const accounts = (row.relays ?? []).map(toRelayAccount);
  return {
    tenantPubkey,
    state: {
      anchorS: secondsOrNull(row.anchor),
      periodIndex: row.period_index ?? 0,
      periodStartS: secondsOrNull(row.period_start),
      periodEndS: secondsOrNull(row.period_end),
      relays: new Map(accounts.map((account) => [account.relayId, account])),
      unbilledCents: row.draft_cents,
      openInvoices: open.map(toOpenInvoice),
    },
    facts: news.slice(0, MAX_FACTS),
    more: news.length > MAX_FACTS,
    churned: row.churned_at !== null,
    hasCustomer: (row.stripe_customer_id ?? '') !== '',
    terms: new Map(open.map((invoice) => [invoice.id, toTerms(invoice)])),
    creditCents: new Map<string | null, number>([
      [null, row.draft_credit_cents],
      ...open.map((invoice): [string, number] => [invoice.id, invoice.credit_cents]),
    ]),
  };
}

const secondsOrNull = (date: Date | null) => (date ? unixSeconds(date) : null);

function toFact(row: FactRow): BillingFact {
  return {
    activityId: idSchema.parse(row.id),
    seq: row.seq,
    atS: row.at_s,
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
    createdAtS: row.created_at_s,
    billable: row.billable,
    provisioned: row.provisioned,
    waiting: row.waiting,
    numerator: BigInt(row.numerator),
    itemisedCents: row.itemised_cents,
  };
}

function toOpenInvoice(row: InvoiceRow): OpenInvoice {
  return {
    ref: row.id,
    cause: row.cause,
    amountCents: row.amount_cents,
    periodStartS: row.period_start_s,
    periodEndS: row.period_end_s,
    locked: row.locked,
  };
}

function toTerms(row: InvoiceRow): InvoiceTerms {
  const { kind, tries, issued_at_ms: issuedAtMs, next_try_at_ms: nextTryAtMs } = row;
  return {
    kind,
    tries,
    issuedAt: new Date(issuedAtMs),
    nextTryAt: nextTryAtMs === null ? null : new Date(nextTryAtMs),
  };
}

interface AccountRow {
  pubkey: string;
  anchor: Date | null;
  period_index: number | null;
  period_start: Date | null;
  period_end: Date | null;
  churned_at: Date | null;
  stripe_customer_id: string | null;
  draft_cents: number;
  draft_credit_cents: number;
  relays: RelayRow[] | null;
  invoices: InvoiceRow[] | null;
  facts: FactRow[] | null;
}

interface RelayRow {
  relay_id: string;
  plan_id: string;
  amount_cents: number;
  billable: boolean;
  provisioned: boolean;
  waiting: boolean;
  created_at_s: number;
  numerator: string;
  itemised_cents: number;
}

interface InvoiceRow {
  id: string;
  cause: string;
  kind: InvoiceKind;
  amount_cents: number;
  period_start_s: number;
  period_end_s: number;
  issued_at_ms: number;
  tries: number;
  next_try_at_ms: number | null;
  locked: boolean;
  credit_cents: number;
}

interface FactRow {
  id: string;
  seq: number;
  at_s: number;
  type: string;
  resource_id: string;
  snapshot: unknown;
}
