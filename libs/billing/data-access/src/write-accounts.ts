import { fromUnixSeconds } from '@caravel/domain';
import { Prisma } from '@caravel/platform-data-access';
import type { Sql } from '@caravel/platform-data-access';
import type { AccountChanges } from './account-changes.js';
import { firstLookSql } from './first-look-sql.js';
import { post } from './ledger.js';

/**
 * Writes what replays of locked accounts added: one statement for each table, whatever the number of tenants. The order
 * matters: an invoice is voided before its recut takes its place in the unique keys, stored items move before new ones
 * join them, and facts are marked billed last.
 */
export async function writeAccounts(
  tx: Sql,
  accounts: readonly AccountChanges[],
  { now, graceDays }: { now: Date; graceDays: number | undefined },
): Promise<void> {
  await voidInvoices(tx, accounts, now);
  await insertInvoices(tx, accounts, now);
  await moveItems(tx, accounts);
  await insertItems(tx, accounts);
  await post(
    tx,
    accounts.flatMap(({ postings }) => postings),
    now,
  );
  await saveRelays(tx, accounts);
  await savePeriods(tx, accounts);
  await planDunning(tx, accounts, { now, graceDays });
  await closeHistory(tx, accounts);
  await markBilled(tx, accounts, now);
}

async function voidInvoices(tx: Sql, accounts: readonly AccountChanges[], now: Date): Promise<void> {
  const ids = accounts.flatMap(({ voidedIds }) => voidedIds);
  if (ids.length === 0) return;
  await tx.$executeRaw`
    UPDATE invoice SET voided_at = ${now}, void_reason = 'recut', next_try_at = NULL WHERE id = ANY(${ids})`;
}

async function insertInvoices(tx: Sql, accounts: readonly AccountChanges[], now: Date): Promise<void> {
  const rows = accounts.flatMap(({ tenantPubkey, invoices }) =>
    invoices.map((invoice) => ({
      id: invoice.id,
      tenant_pubkey: tenantPubkey,
      cause: invoice.cause,
      kind: invoice.kind,
      amount_cents: invoice.amountCents,
      period_start: date(invoice.periodStartS),
      period_end: date(invoice.periodEndS),
      issued_at: invoice.issuedAt,
      tries: invoice.tries,
      next_try_at: invoice.voided ? null : invoice.nextTryAt,
      voided_at: invoice.voided ? now : null,
      void_reason: invoice.voided ? 'recut' : null,
    })),
  );
  if (rows.length === 0) return;
  await tx.$executeRaw`
    INSERT INTO invoice (id, tenant_pubkey, cause, kind, amount_cents, period_start, period_end, issued_at, created_at,
                         tries, next_try_at, voided_at, void_reason)
    SELECT id, tenant_pubkey, cause, kind, amount_cents, period_start, period_end, issued_at, ${now},
           tries, next_try_at, voided_at, void_reason
    FROM json_to_recordset(${JSON.stringify(rows)}::json) AS row(
      id text, tenant_pubkey text, cause text, kind text, amount_cents int, period_start timestamptz,
      period_end timestamptz, issued_at timestamptz, tries int, next_try_at timestamptz, voided_at timestamptz,
      void_reason text)`;
}

async function moveItems(tx: Sql, accounts: readonly AccountChanges[]): Promise<void> {
  const moves = accounts.flatMap((account) => account.moves.map((move) => ({ tenant: account.tenantPubkey, ...move })));
  const [draft, invoiced] = [moves.filter(({ from }) => from === null), moves.filter(({ from }) => from !== null)];
  // The draft first: what the second statement makes unbilled was not in it.
  if (draft.length > 0) {
    await tx.$executeRaw`
      UPDATE invoice_item SET invoice_id = move."to" FROM json_to_recordset(${JSON.stringify(draft)}::json)
        AS move(tenant text, "to" text)
      WHERE invoice_item.tenant_pubkey = move.tenant AND invoice_id IS NULL AND voided_at IS NULL`;
  }
  if (invoiced.length > 0) {
    await tx.$executeRaw`
      UPDATE invoice_item SET invoice_id = move."to" FROM json_to_recordset(${JSON.stringify(invoiced)}::json)
        AS move("from" text, "to" text)
      WHERE invoice_id = move."from" AND voided_at IS NULL`;
  }
}

async function insertItems(tx: Sql, accounts: readonly AccountChanges[]): Promise<void> {
  const rows = accounts.flatMap(({ tenantPubkey, items }) =>
    items.map((item) => ({
      id: item.id,
      tenant_pubkey: tenantPubkey,
      invoice_id: item.invoiceId,
      activity_id: item.activityId,
      relay_id: item.relayId,
      plan_id: item.planId,
      kind: item.kind,
      amount_cents: item.amountCents,
      description: item.description,
      period_start: date(item.periodStartS),
      period_end: date(item.periodEndS),
      created_at: date(item.atS),
    })),
  );
  if (rows.length === 0) return;
  await tx.$executeRaw`
    INSERT INTO invoice_item (id, tenant_pubkey, invoice_id, activity_id, relay_id, plan_id, kind, amount_cents,
                              description, period_start, period_end, created_at)
    SELECT id, tenant_pubkey, invoice_id, activity_id, relay_id, plan_id, kind, amount_cents,
           description, period_start, period_end, created_at
    FROM json_to_recordset(${JSON.stringify(rows)}::json) AS row(
      id text, tenant_pubkey text, invoice_id text, activity_id text, relay_id text, plan_id text, kind text,
      amount_cents int, description text, period_start timestamptz, period_end timestamptz, created_at timestamptz)`;
}

async function saveRelays(tx: Sql, accounts: readonly AccountChanges[]): Promise<void> {
  const rows = accounts.flatMap(({ tenantPubkey, relays }) =>
    relays.map((relay) => ({
      relay_id: relay.relayId,
      tenant_pubkey: tenantPubkey,
      plan_id: relay.planId,
      amount_cents: relay.amountCents,
      billable: relay.billable,
      provisioned: relay.provisioned,
      waiting: relay.waiting,
      created_at: date(relay.createdAtS),
      numerator: String(relay.numerator),
      itemised_cents: relay.itemisedCents,
    })),
  );
  if (rows.length === 0) return;
  await tx.$executeRaw`
    INSERT INTO relay_billing (relay_id, tenant_pubkey, plan_id, amount_cents, billable, provisioned, waiting, created_at,
                               numerator, itemised_cents)
    SELECT relay_id, tenant_pubkey, plan_id, amount_cents, billable, provisioned, waiting, created_at,
           numerator, itemised_cents
    FROM json_to_recordset(${JSON.stringify(rows)}::json) AS row(
      relay_id text, tenant_pubkey text, plan_id text, amount_cents int, billable boolean, provisioned boolean,
      waiting boolean, created_at timestamptz, numerator bigint, itemised_cents int)
    ON CONFLICT (relay_id) DO UPDATE SET
      plan_id = excluded.plan_id, amount_cents = excluded.amount_cents, billable = excluded.billable,
      provisioned = excluded.provisioned, waiting = excluded.waiting, numerator = excluded.numerator,
      itemised_cents = excluded.itemised_cents`;
}

async function savePeriods(tx: Sql, accounts: readonly AccountChanges[]): Promise<void> {
  const rows = accounts.flatMap(({ tenantPubkey, period }) => {
    if (period === null) return [];
    const { anchorS, periodIndex, periodStartS, periodEndS } = period;
    const bounds = { period_start: dateOrNull(periodStartS), period_end: dateOrNull(periodEndS) };
    return [{ tenant_pubkey: tenantPubkey, anchor: dateOrNull(anchorS), period_index: periodIndex, ...bounds }];
  });
  if (rows.length === 0) return;
  await tx.$executeRaw`
    INSERT INTO tenant_billing (tenant_pubkey, anchor, period_index, period_start, period_end)
    SELECT tenant_pubkey, anchor, period_index, period_start, period_end
    FROM json_to_recordset(${JSON.stringify(rows)}::json) AS row(
      tenant_pubkey text, anchor timestamptz, period_index int, period_start timestamptz, period_end timestamptz)
    ON CONFLICT (tenant_pubkey) DO UPDATE SET anchor = excluded.anchor, period_index = excluded.period_index,
      period_start = excluded.period_start, period_end = excluded.period_end`;
}

/** Dunning looks at a new invoice when its first notice may come, and now at whom voids may have freed of the last debt. */
async function planDunning(
  tx: Sql,
  accounts: readonly AccountChanges[],
  { now, graceDays }: { now: Date; graceDays: number | undefined },
): Promise<void> {
  const rows = accounts.flatMap(({ tenantPubkey, invoices, voidedIds }) => {
    const issued = invoices.filter(({ voided }) => !voided).map(({ issuedAt }) => issuedAt.getTime());
    if (issued.length === 0 && voidedIds.length === 0) return [];
    const oldest = issued.length === 0 ? null : new Date(Math.min(...issued));
    return [{ pubkey: tenantPubkey, issued_at: oldest, voids: voidedIds.length > 0 }];
  });
  if (rows.length === 0) return;
  await tx.$executeRaw`
    UPDATE tenant_billing billing SET dunning_at = least(billing.dunning_at, ${firstLookSql(Prisma.sql`change.issued_at`, graceDays)},
      CASE WHEN change.voids AND billing.churned_at IS NOT NULL THEN ${now}::timestamptz END)
    FROM json_to_recordset(${JSON.stringify(rows)}::json) AS change(pubkey text, issued_at timestamptz, voids boolean)
    WHERE billing.tenant_pubkey = change.pubkey`;
}

/** A boundary that was closed is history: a gateway whose clock is behind can't append a fact before it. */
async function closeHistory(tx: Sql, accounts: readonly AccountChanges[]): Promise<void> {
  const rows = accounts.flatMap(({ tenantPubkey, closedUntilS }) =>
    closedUntilS === null ? [] : [{ pubkey: tenantPubkey, until: date(closedUntilS) }],
  );
  if (rows.length === 0) return;
  await tx.$executeRaw`
    UPDATE tenant_history SET at = greatest(at, closed.until)
    FROM json_to_recordset(${JSON.stringify(rows)}::json) AS closed(pubkey text, until timestamptz)
    WHERE tenant_history.pubkey = closed.pubkey`;
}

async function markBilled(tx: Sql, accounts: readonly AccountChanges[], now: Date): Promise<void> {
  const ids = accounts.flatMap(({ factIds }) => factIds);
  if (ids.length === 0) return;
  await tx.$executeRaw`UPDATE activity SET billed_at = ${now} WHERE id = ANY(${ids}) AND billed_at IS NULL`;
}

const date = (seconds: number): Date => fromUnixSeconds(seconds);
const dateOrNull = (seconds: number | null): Date | null => (seconds === null ? null : fromUnixSeconds(seconds));
