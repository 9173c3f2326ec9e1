import { AppError, cents } from '@caravel/domain';
import type { Cents, Pubkey, Relay } from '@caravel/domain';
import { inTransaction } from './database.js';
import type { Db, Tx } from './database.js';
import { lockTenant } from './history.js';
import type { HistoryDeps } from './history.js';
import { isLive } from './live-tenant.js';
import { hideRelay } from './relay-removal.js';
import { toRelay, withSync } from './relay-row.js';

/** What a rule about the end of an account may look at, read under the tenant's lock. */
export interface TenantAccount {
  /** Those that are not deleted. */
  relays: readonly Relay[];
  hasOpenInvoice: boolean;
  /** An attempt to collect, or a refund, whose outcome is not known yet. */
  hasMoneyUnderWay: boolean;
  /** Billing has not looked at everything that happened, so the balance is not known yet. */
  hasUnbilledFacts: boolean;
  /** Of what is on no invoice; negative is credit. */
  balanceCents: Cents;
}

/**
 * Ends an account in one transaction: its relays go as if each was deleted, what is personal in the gateway's tables is erased
 * here, and what is in others' by a trigger. History, invoices and ledger stay. Throws `not-found`, and what `check` throws.
 */
export function removeTenant(
  db: Db,
  { pubkey, actor }: { pubkey: Pubkey; actor: Pubkey },
  { check, deps }: { check: (account: TenantAccount) => void; deps: HistoryDeps },
): Promise<void> {
  return inTransaction(db, async (tx) => {
    const history = await lockTenant(tx, pubkey, deps);
    if (!(await isLive(tx, pubkey))) throw new AppError('not-found', 'There is no such account any more.');
    const account = await accountOf(tx, pubkey);
    check(account);
    const now = deps.clock.now();
    for (const relay of account.relays) await hideRelay(tx, history, { relay, actor, now });
    await history.append({
      type: 'delete_tenant',
      resourceType: 'tenant',
      resourceId: pubkey,
      actor,
      snapshot: null,
    });
    await erase(tx, pubkey, now);
  });
}

async function erase(tx: Tx, pubkey: Pubkey, now: Date): Promise<void> {
  const names = { infoName: '', infoIcon: '', infoDescription: '', customDomain: '', customDomainVerified: false };
  await tx.relay.updateMany({ where: { tenantPubkey: pubkey }, data: names });
  const noWallet = { sealedUrl: null, sealPubkey: null, updatedAt: now };
  await tx.tenantWallet.updateMany({ where: { tenantPubkey: pubkey }, data: noWallet });
  await tx.tenant.update({
    where: { pubkey },
    data: { returnUrl: '', deletedAt: now },
    select: { pubkey: true },
  });
}

async function accountOf(tx: Tx, pubkey: Pubkey): Promise<TenantAccount> {
  const rows = await tx.relay.findMany({
    where: { tenantPubkey: pubkey, deletedAt: null },
    include: withSync,
    orderBy: { id: 'asc' },
  });
  const [money] = await tx.$queryRaw<MoneyRow[]>`
    SELECT exists(SELECT FROM invoice WHERE tenant_pubkey = ${pubkey} AND paid_at IS NULL AND voided_at IS NULL) AS open,
           exists(SELECT FROM invoice JOIN collection_attempt AS attempt ON attempt.invoice_id = invoice.id
                  WHERE invoice.tenant_pubkey = ${pubkey} AND attempt.state IN ('created', 'dispatched', 'unknown'))
             OR exists(SELECT FROM refund WHERE tenant_pubkey = ${pubkey} AND state IN ('created', 'dispatched', 'unknown'))
             AS under_way,
           exists(SELECT FROM activity WHERE tenant_pubkey = ${pubkey} AND billed_at IS NULL) AS unbilled,
           (SELECT coalesce(sum(amount_cents), 0)::int FROM invoice_item
            WHERE tenant_pubkey = ${pubkey} AND invoice_id IS NULL AND voided_at IS NULL) AS balance`;
  if (!money) throw new AppError('internal', 'The account could not be read.');
  return {
    relays: rows.map(toRelay),
    hasOpenInvoice: money.open,
    hasMoneyUnderWay: money.under_way,
    hasUnbilledFacts: money.unbilled,
    balanceCents: cents(money.balance),
  };
}

interface MoneyRow {
  open: boolean;
  under_way: boolean;
  unbilled: boolean;
  balance: number;
}
