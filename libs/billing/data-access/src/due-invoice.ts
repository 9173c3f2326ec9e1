import { pubkeySchema } from '@caravel/domain';
import type { Id, Pubkey } from '@caravel/domain';
import { lockTenant } from '@caravel/platform-data-access';
import type { Tx } from '@caravel/platform-data-access';
import type { AccountDeps } from './account.js';
import { isBusy, isDue, isOpen, withWallet } from './collection-due.js';

/** The invoice under its tenant's lock, when an attempt may begin now. */
export async function lockDue(tx: Tx, invoiceId: Id, deps: AccountDeps): Promise<DueInvoice | null> {
  const owner = await tx.invoice.findUnique({ where: { id: invoiceId }, select: { tenantPubkey: true } });
  if (!owner) return null;
  const tenantPubkey = pubkeySchema.parse(owner.tenantPubkey);
  await lockTenant(tx, tenantPubkey, deps);
  const [row] = await tx.$queryRaw<DueRow[]>`
    SELECT invoice.amount_cents, invoice.next_rail, wallet.sealed_url, wallet.updated_at, billing.stripe_customer_id,
           billing.stripe_payment_method_id
    FROM invoice ${withWallet}
    WHERE invoice.id = ${invoiceId} AND ${isOpen} AND NOT ${isBusy} AND ${isDue(deps.clock.now())}`;
  if (!row) return null;
  return {
    tenantPubkey,
    amountCents: row.amount_cents,
    sealedUrl: row.sealed_url,
    walletAt: row.updated_at,
    nextRail: row.next_rail,
    customerId: row.stripe_customer_id,
    cardId: row.stripe_payment_method_id,
  };
}

/** Counts one try of an open invoice; false when it is not open. */
export async function endTry(tx: Tx, invoiceId: Id, nextTryAt: Date): Promise<boolean> {
  const ended = await tx.invoice.updateMany({
    where: { id: invoiceId, paidAt: null, voidedAt: null },
    data: { tries: { increment: 1 }, nextTryAt, nextRail: null },
  });
  return ended.count > 0;
}

export interface DueInvoice {
  tenantPubkey: Pubkey;
  amountCents: number;
  sealedUrl: string | null;
  walletAt: Date | null;
  /** `card`: the wallet had its turn in this try. */
  nextRail: string | null;
  customerId: string | null;
  cardId: string | null;
}

interface DueRow {
  amount_cents: number;
  next_rail: string | null;
  sealed_url: string | null;
  updated_at: Date | null;
  stripe_customer_id: string | null;
  stripe_payment_method_id: string | null;
}
