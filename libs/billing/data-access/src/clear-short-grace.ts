import type { Pubkey } from '@caravel/domain';
import { inSqlTransaction, lockTenant } from '@caravel/platform-data-access';
import type { PrismaClient } from '@caravel/platform-data-access';
import type { AccountDeps } from './account.js';

/** `known`: the tenant has the full grace already. Only `cleared` has written something. */
export type GraceCleared = 'cleared' | 'known';

/**
 * By an admin's command a tenant that was written off has the full grace again, in one transaction with the activity; dunning looks
 * at the tenant by the new dates. Idempotent. Throws `tenant-missing`.
 */
export function clearShortGrace(
  client: PrismaClient,
  { tenantPubkey, actor }: { tenantPubkey: Pubkey; actor: Pubkey },
  deps: AccountDeps,
): Promise<GraceCleared> {
  return inSqlTransaction(client, async (tx) => {
    const history = await lockTenant(tx, tenantPubkey, deps);
    const cleared = await tx.$executeRaw`
      UPDATE tenant_billing SET short_grace = false, dunning_at = least(dunning_at, ${deps.clock.now()})
      WHERE tenant_pubkey = ${tenantPubkey} AND short_grace`;
    if (cleared === 0) return 'known';
    await history.append({
      type: 'update_tenant',
      resourceType: 'tenant',
      resourceId: tenantPubkey,
      actor,
      snapshot: null,
    });
    return 'cleared';
  });
}
