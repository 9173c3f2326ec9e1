import { pubkeySchema } from '@caravel/domain';
import type { Id, Pubkey } from '@caravel/domain';
import { Prisma } from '@caravel/platform-data-access';
import type { Sql } from '@caravel/platform-data-access';
import type { AccountDeps } from './account.js';
import { isBusy, isDue, isOpen, NEW_WAY_PAUSE_MS, newWayAt } from './collection-due.js';

/** Takes the lock of the tenant whose invoice it is, for whoever appends nothing to the history. Owners never change. */
export async function lockOwner(tx: Sql, invoiceId: Id): Promise<Pubkey | null> {
  const [owner] = await tx.$queryRaw<{ pubkey: string }[]>`
    SELECT pubkey FROM tenant_history WHERE pubkey = (SELECT tenant_pubkey FROM invoice WHERE id = ${invoiceId}) FOR UPDATE`;
  return owner ? pubkeySchema.parse(owner.pubkey) : null;
}

/** The same, with what never changes of the invoice. */
export async function lockInvoice(tx: Sql, invoiceId: Id): Promise<OwnedInvoice | null> {
  const [row] = await tx.$queryRaw<{ pubkey: string; amount_cents: number }[]>`
    SELECT history.pubkey, invoice.amount_cents
    FROM invoice JOIN tenant_history history ON history.pubkey = invoice.tenant_pubkey
    WHERE invoice.id = ${invoiceId} FOR UPDATE OF history`;
  return row ? { tenantPubkey: pubkeySchema.parse(row.pubkey), amountCents: row.amount_cents } : null;
}

/** The invoice under its tenant's lock, when an attempt may begin now. */
export async function lockDue(tx: Sql, invoiceId: Id, deps: AccountDeps): Promise<DueInvoice | null> {
  const tenantPubkey = await lockOwner(tx, invoiceId);
  if (tenantPubkey === null) return null;
  const [row] = await tx.$queryRaw<DueRow[]>`
    SELECT invoice.amount_cents, billing.stripe_customer_id, billing.stripe_payment_method_id
    FROM invoice LEFT JOIN tenant_billing billing ON billing.tenant_pubkey = invoice.tenant_pubkey
    WHERE invoice.id = ${invoiceId} AND ${isOpen} AND NOT ${isBusy} AND ${isDue(deps.clock.now())}`;
  if (!row) return null;
  return {
    tenantPubkey,
    amountCents: row.amount_cents,
    customerId: row.stripe_customer_id,
    cardId: row.stripe_payment_method_id,
  };
}

/**
 * Counts one try of an open invoice (with `onlyIf`, which may ask `invoice`, `wallet` and `billing`); null when it is not open.
 * A wallet or card that was set during it may come before `nextTryAt`.
 */
export async function endTry(
  tx: Sql,
  invoiceId: Id,
  { nextTryAt, now, onlyIf = Prisma.sql`true` }: { nextTryAt: Date; now: Date; onlyIf?: Prisma.Sql },
): Promise<OwnedInvoice | null> {
  const [ended] = await tx.$queryRaw<{ tenant_pubkey: string; amount_cents: number }[]>(
    tryEnd(invoiceId, { nextTryAt, now, onlyIf }),
  );
  return ended ? { tenantPubkey: pubkeySchema.parse(ended.tenant_pubkey), amountCents: ended.amount_cents } : null;
}

/** The same as a part of a statement; gives a row when the invoice was open. */
export function tryEnd(
  invoiceId: Id,
  { nextTryAt, now, onlyIf }: { nextTryAt: Date; now: Date; onlyIf: Prisma.Sql },
): Prisma.Sql {
  const again = new Date(now.getTime() + NEW_WAY_PAUSE_MS);
  return Prisma.sql`
    UPDATE invoice SET tries = invoice.tries + 1, next_rail = NULL, next_try_at = least(${nextTryAt}::timestamptz, ${newWayAt(again)})
    FROM tenant_history history LEFT JOIN tenant_wallet wallet ON wallet.tenant_pubkey = history.pubkey
      LEFT JOIN tenant_billing billing ON billing.tenant_pubkey = history.pubkey
    WHERE invoice.id = ${invoiceId} AND history.pubkey = invoice.tenant_pubkey AND ${isOpen} AND ${onlyIf}
    RETURNING invoice.tenant_pubkey, invoice.amount_cents`;
}

/** What never changes of an invoice. */
interface OwnedInvoice {
  tenantPubkey: Pubkey;
  amountCents: number;
}

export interface DueInvoice {
  tenantPubkey: Pubkey;
  amountCents: number;
  customerId: string | null;
  cardId: string | null;
}

interface DueRow {
  amount_cents: number;
  stripe_customer_id: string | null;
  stripe_payment_method_id: string | null;
}
