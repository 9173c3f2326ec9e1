import { pubkeySchema } from '@caravel/domain';
import type { Id, Pubkey } from '@caravel/domain';
import { inTransaction, lockTenant } from '@caravel/platform-data-access';
import type { PrismaClient } from '@caravel/platform-data-access';
import type { AccountDeps } from './account.js';
import { replayAccounts } from './replay-accounts.js';
import { replayAndRestore } from './restore-tenant.js';
import { voidInvoice } from './void-invoice.js';

export interface VoidCommand {
  invoiceId: Id;
  actor: Pubkey;
  mode: 'forgive' | 'recut';
  reason: string;
}

/**
 * `known`: it is void in this way already, so repeating the command is harmless. `busy`: a payment of it is under way. `closed`:
 * it was paid, or voided otherwise. `missing`: there is no such invoice. Only `voided` has written something.
 */
export type VoidedByAdmin = 'voided' | 'known' | 'busy' | 'closed' | 'missing';

/** Ends an open invoice by an admin's command, in one transaction: invoice, items, ledger, activity, and what follows. */
export function voidByAdmin(
  client: PrismaClient,
  { invoiceId, actor, mode, reason }: VoidCommand,
  deps: AccountDeps,
): Promise<VoidedByAdmin> {
  return inTransaction(client, async (tx) => {
    const found = await tx.invoice.findUnique({ where: { id: invoiceId }, select: { tenantPubkey: true } });
    if (!found) return 'missing';
    const tenantPubkey = pubkeySchema.parse(found.tenantPubkey);
    const history = await lockTenant(tx, tenantPubkey, deps);
    const { voidReason } = await tx.invoice.findUniqueOrThrow({ where: { id: invoiceId } });
    if (voidReason === mode) return 'known';

    // What is due by now was due before the command: a boundary that waits must not take what the command releases.
    await replayAccounts(tx, [tenantPubkey], deps);
    const outcome = await voidInvoice(tx, { invoiceId, mode, note: reason }, deps);
    if (outcome !== 'voided') return outcome;
    await history.append({
      type: 'update_tenant',
      resourceType: 'tenant',
      resourceId: tenantPubkey,
      actor,
      snapshot: null,
    });
    await replayAndRestore(tx, tenantPubkey, deps);
    return 'voided';
  });
}
