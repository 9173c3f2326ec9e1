import { unixSeconds } from '@caravel/domain';
import { addMessages } from '@caravel/platform-data-access';
import type { LockedHistory, Sql } from '@caravel/platform-data-access';
import type { AccountDeps } from './account.js';
import { isOpen } from './collection-due.js';
import { replayAccounts } from './replay-accounts.js';
import { switchRelays } from './switch-relays.js';

/**
 * The beginning of churn, in a transaction that holds the lock and has looked: paid relays become delinquent, their time that
 * was not served meets the open invoices, and the tenant is told what remains.
 *
 * When so little remains that no invoice asks for it, there is nothing that paying could reverse: then the relays are
 * stopped instead, the account is not churned, and whoever wants them starts them again.
 */
export async function pauseTenant(tx: Sql, history: LockedHistory, deps: AccountDeps): Promise<void> {
  const { tenantPubkey } = history;
  const { clock } = deps;
  const churnedAt = clock.now();
  await setChurned(tx, history, churnedAt);
  await switchRelays(tx, history, { from: 'active', to: 'delinquent', type: PAUSE, paidOnly: true, clock });
  await replayAccounts(tx, [tenantPubkey], deps);

  const open = await tx.$queryRaw<{ id: string; amount_cents: number }[]>`
    SELECT id, amount_cents FROM invoice WHERE tenant_pubkey = ${tenantPubkey} AND ${isOpen} ORDER BY issued_at`;
  const [oldest] = open;
  if (!oldest) {
    await setChurned(tx, history, null);
    await switchRelays(tx, history, { from: 'delinquent', to: 'inactive', type: PAUSE, clock });
    await replayAccounts(tx, [tenantPubkey], deps);
  }
  const amountCents = open.reduce((sum, invoice) => sum + invoice.amount_cents, 0);
  const params = oldest ? { invoice_id: oldest.id, amount_cents: amountCents } : {};
  const subject = String(unixSeconds(churnedAt));
  await addMessages(tx, [{ tenantPubkey, template: 'paused', subject, params }], deps);
}

const PAUSE = 'deactivate_relay';

async function setChurned(tx: Sql, { tenantPubkey }: LockedHistory, churnedAt: Date | null): Promise<void> {
  await tx.$executeRaw`UPDATE tenant_billing SET churned_at = ${churnedAt} WHERE tenant_pubkey = ${tenantPubkey}`;
}
