import { unixSeconds } from '@caravel/domain';
import type { Pubkey } from '@caravel/domain';
import { addMessages, lockTenant } from '@caravel/platform-data-access';
import type { Sql } from '@caravel/platform-data-access';
import type { AccountDeps } from './account.js';
import { isOpen } from './collection-due.js';
import { replayAccounts } from './replay-accounts.js';
import { switchRelays } from './switch-relays.js';

/**
 * Brings the books of a tenant up to now after an invoice ended, however that came, and ends churn with it. Call it under the
 * tenant's lock; true when it restored.
 */
export async function replayAndRestore(tx: Sql, tenantPubkey: Pubkey, deps: AccountDeps): Promise<boolean> {
  const [replayed] = await replayAccounts(tx, [tenantPubkey], deps);
  return replayed?.churned === true && (await restoreIfPaid(tx, tenantPubkey, deps));
}

/**
 * Ends churn when nothing is open any more, however that came (paid, forgiven, met by credit): delinquent relays run again
 * and are billed from now on; those that were stopped stay so. Call it under the tenant's lock and
 * after `replayAccounts`; it replays what it adds. Ring `direct-message` and `relay-sync` after commit; the sweeps find what
 * was not rung. Idempotent; true when it restored.
 */
export async function restoreIfPaid(tx: Sql, tenantPubkey: Pubkey, deps: AccountDeps): Promise<boolean> {
  const [ended] = await tx.$queryRaw<{ churned_at: Date }[]>`
    SELECT churned_at FROM tenant_billing WHERE tenant_pubkey = ${tenantPubkey} AND churned_at IS NOT NULL
      AND NOT EXISTS (SELECT FROM invoice WHERE invoice.tenant_pubkey = ${tenantPubkey} AND ${isOpen})`;
  if (!ended) return false;

  const history = await lockTenant(tx, tenantPubkey, deps);
  await tx.$executeRaw`UPDATE tenant_billing SET churned_at = NULL WHERE tenant_pubkey = ${tenantPubkey}`;
  await switchRelays(tx, history, { from: 'delinquent', to: 'active', type: 'activate_relay', clock: deps.clock });
  const subject = String(unixSeconds(ended.churned_at));
  await addMessages(tx, [{ tenantPubkey, template: 'restored', subject, params: {} }], deps);
  await replayAccounts(tx, [tenantPubkey], deps);
  return true;
}
