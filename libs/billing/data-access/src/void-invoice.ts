import type { Id } from '@caravel/domain';
import { pubkeySchema } from '@caravel/domain';
import type { Sql } from '@caravel/platform-data-access';
import type { AccountDeps } from './account.js';
import { isBusy, isOpen } from './collection-due.js';
import { CREDIT_KINDS, post, recutPosting, writeOffPosting } from './ledger.js';

/**
 * Why an open invoice ends without money. `forgive` (an admin's gift) and `write_off` (nobody paid for 90 days) void its items
 * with it: what they asked for is never asked for again. `recut` releases them: they come with the next invoice.
 */
export type VoidMode = 'forgive' | 'recut' | 'write_off';

/** `busy`: an attempt on it is unresolved, money may have moved. `closed`: paid or voided before. Neither writes anything. */
export type InvoiceVoided = 'voided' | 'busy' | 'closed';

export interface VoidedInvoice {
  invoiceId: Id;
  mode: VoidMode;
  /** The admin's reason. */
  note?: string | undefined;
}

/**
 * Voids one open invoice with its items and the ledger. For a transaction that holds the lock of the invoice's tenant and has
 * replayed its history; call `replayAndRestore` after it. Money that still arrives for the invoice becomes credit.
 */
export async function voidInvoice(
  tx: Sql,
  { invoiceId, mode, note }: VoidedInvoice,
  { clock }: Pick<AccountDeps, 'clock'>,
): Promise<InvoiceVoided> {
  const busy = await tx.$queryRaw<unknown[]>`SELECT FROM invoice WHERE id = ${invoiceId} AND ${isBusy}`;
  if (busy.length > 0) return 'busy';
  const now = clock.now();
  const [voided] = await tx.$queryRaw<{ tenant_pubkey: string; amount_cents: number }[]>`
    UPDATE invoice SET voided_at = ${now}, void_reason = ${mode}, void_note = ${note ?? null}, next_try_at = NULL
    WHERE id = ${invoiceId} AND ${isOpen} RETURNING tenant_pubkey, amount_cents`;
  if (!voided) return 'closed';

  const about = { tenantPubkey: pubkeySchema.parse(voided.tenant_pubkey), amountCents: voided.amount_cents };
  if (mode === 'recut') {
    await post(tx, [recutPosting(invoiceId, { ...about, creditCents: await releaseItems(tx, invoiceId) })], now);
  } else {
    await forgetRunningPeriod(tx, invoiceId);
    await tx.$executeRaw`
      UPDATE invoice_item SET voided_at = ${now} WHERE invoice_id = ${invoiceId} AND voided_at IS NULL`;
    await post(tx, [writeOffPosting(invoiceId, about)], now);
  }
  return 'voided';
}

/** Answers how much of them is money (credit), not service. */
async function releaseItems(tx: Sql, invoiceId: Id): Promise<number> {
  const [money] = await tx.$queryRaw<{ cents: number }[]>`
    WITH released AS (
      UPDATE invoice_item SET invoice_id = NULL WHERE invoice_id = ${invoiceId} AND voided_at IS NULL
      RETURNING kind, amount_cents)
    SELECT coalesce(sum(amount_cents), 0)::int AS cents FROM released WHERE kind = ANY (${[...CREDIT_KINDS]})`;
  return money?.cents ?? 0;
}

/**
 * What a relay was charged on this invoice for the period that still runs was never paid: take it out of its running total, so
 * that stopping the relay gives no credit for it.
 */
async function forgetRunningPeriod(tx: Sql, invoiceId: Id): Promise<void> {
  await tx.$executeRaw`
    UPDATE relay_billing relay SET
      itemised_cents = greatest(0, relay.itemised_cents - gone.cents),
      numerator = greatest(0, relay.numerator - gone.cents * gone.period_s)
    FROM (
      SELECT item.relay_id, sum(item.amount_cents)::int AS cents,
             extract(epoch FROM billing.period_end - billing.period_start)::bigint AS period_s
      FROM invoice_item item JOIN tenant_billing billing ON billing.tenant_pubkey = item.tenant_pubkey
      WHERE item.invoice_id = ${invoiceId} AND item.voided_at IS NULL AND item.relay_id IS NOT NULL
        AND billing.anchor IS NOT NULL AND item.period_start = billing.period_start
      GROUP BY item.relay_id, billing.period_start, billing.period_end) AS gone
    WHERE relay.relay_id = gone.relay_id`;
}
