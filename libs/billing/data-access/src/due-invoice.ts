import { pubkeySchema } from '@caravel/domain';
import type { Id, Pubkey } from '@caravel/domain';
import type { Tx } from '@caravel/platform-data-access';
import type { AccountDeps } from './account.js';
import { isBusy, isDue, isOpen, NEW_WAY_PAUSE_MS, newWayAt, withWallet } from './collection-due.js';

/** Takes the lock of the tenant whose invoice it is, for whoever appends nothing to the history. Owners never change. */
export async function lockOwner(tx: Tx, invoiceId: Id): Promise<Pubkey | null> {
  const [owner] = await tx.$queryRaw<{ pubkey: string }[]>`
    SELECT pubkey FROM tenant_history WHERE pubkey = (SELECT tenant_pubkey FROM invoice WHERE id = ${invoiceId}) FOR UPDATE`;
  return owner ? pubkeySchema.parse(owner.pubkey) : null;
}

/** The invoice under its tenant's lock, when an attempt may begin now. */
export async function lockDue(tx: Tx, invoiceId: Id, deps: AccountDeps): Promise<DueInvoice | null> {
  const tenantPubkey = await lockOwner(tx, invoiceId);
  if (tenantPubkey === null) return null;
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

/** Counts one try of an open invoice; false when it is not open. A wallet or card that was set during it may come before `nextTryAt`. */
export async function endTry(
  tx: Tx,
  invoiceId: Id,
  { nextTryAt, now }: { nextTryAt: Date; now: Date },
): Promise<boolean> {
  const again = new Date(now.getTime() + NEW_WAY_PAUSE_MS);
  const ended = await tx.$executeRaw`
    UPDATE invoice SET tries = invoice.tries + 1, next_rail = NULL, next_try_at = least(${nextTryAt}::timestamptz, ${newWayAt(again)})
    FROM tenant_history history LEFT JOIN tenant_wallet wallet ON wallet.tenant_pubkey = history.pubkey
      LEFT JOIN tenant_billing billing ON billing.tenant_pubkey = history.pubkey
    WHERE invoice.id = ${invoiceId} AND history.pubkey = invoice.tenant_pubkey AND ${isOpen}`;
  return ended > 0;
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
