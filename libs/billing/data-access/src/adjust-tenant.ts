import type { Id, Pubkey } from '@caravel/domain';
import { inTransaction, lockTenant } from '@caravel/platform-data-access';
import type { PrismaClient } from '@caravel/platform-data-access';
import type { AccountDeps } from './account.js';
import { adjustmentPosting, post } from './ledger.js';
import { replayAccounts } from './replay-accounts.js';
import { replayAndRestore } from './restore-tenant.js';

/** A credit note (negative cents) or an extra charge (positive, never zero), with the reason as the tenant reads it. */
export interface Adjustment {
  commandId: string;
  tenantPubkey: Pubkey;
  actor: Pubkey;
  amountCents: number;
  reason: string;
}

/** `known`: the command was done before. `conflict`: its id belongs to another command. */
export type Adjusted = 'adjusted' | 'known' | 'conflict';

/**
 * Writes an adjustment onto the next invoice, in one transaction: item, ledger, activity, and what credit does to open
 * invoices. Idempotent by `commandId`. Throws `tenant-missing`.
 */
export function adjustTenant(client: PrismaClient, command: Adjustment, deps: AccountDeps): Promise<Adjusted> {
  const { commandId, tenantPubkey, actor, amountCents, reason } = command;
  return inTransaction(client, async (tx) => {
    const history = await lockTenant(tx, tenantPubkey, deps);
    const known = await tx.invoiceItem.findUnique({ where: { commandId } });
    if (known) return isSame(known, command) ? 'known' : 'conflict';

    if ((await tx.refund.count({ where: { commandId } })) > 0) return 'conflict';

    // What is due by now was due before the command, whenever billing woke.
    await replayAccounts(tx, [tenantPubkey], deps);
    const now = deps.clock.now();
    const id: Id = deps.newId();
    const item = { id, tenantPubkey, commandId, amountCents, planId: '', kind: 'adjustment', description: reason };
    await tx.invoiceItem.create({ data: { ...item, createdAt: now }, select: { id: true } });
    await post(tx, [adjustmentPosting(id, { tenantPubkey, amountCents })], now);
    await history.append({
      type: 'update_tenant',
      resourceType: 'tenant',
      resourceId: tenantPubkey,
      actor,
      snapshot: null,
    });
    await replayAndRestore(tx, tenantPubkey, deps);
    return 'adjusted';
  });
}

function isSame(
  known: { kind: string; tenantPubkey: string; amountCents: number; description: string },
  { tenantPubkey, amountCents, reason }: Adjustment,
): boolean {
  return (
    known.kind === 'adjustment' &&
    known.tenantPubkey === tenantPubkey &&
    known.amountCents === amountCents &&
    known.description === reason
  );
}
