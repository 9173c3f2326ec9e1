import { unixSeconds } from '@caravel/domain';
import { addMessage } from '@caravel/platform-data-access';
import type { LockedHistory, Tx } from '@caravel/platform-data-access';
import type { AccountDeps } from './account.js';
import { replayAccounts } from './replay-accounts.js';
import { restoreIfPaid } from './restore-tenant.js';
import { switchRelays } from './switch-relays.js';

/**
 * The beginning of churn, in a transaction that holds the lock and has looked: paid relays become delinquent, their time that
 * was not served meets the open invoices, and the tenant is told what remains. False when so little remains that nothing is
 * asked for: then all is as it was.
 */
export async function pauseTenant(tx: Tx, history: LockedHistory, deps: AccountDeps): Promise<boolean> {
  const { tenantPubkey } = history;
  const churnedAt = deps.clock.now();
  await tx.tenantBilling.update({ where: { tenantPubkey }, data: { churnedAt }, select: { tenantPubkey: true } });
  const paused = { from: 'active', to: 'delinquent', type: 'deactivate_relay', paidOnly: true } as const;
  await switchRelays(tx, history, { ...paused, clock: deps.clock });
  await replayAccounts(tx, [tenantPubkey], deps);
  if (await restoreIfPaid(tx, tenantPubkey, deps, { silent: true })) return false;

  const open = await tx.invoice.findMany({
    where: { tenantPubkey, paidAt: null, voidedAt: null },
    orderBy: { issuedAt: 'asc' },
    select: { id: true, amountCents: true },
  });
  const params = {
    invoice_id: open[0]?.id ?? '',
    amount_cents: open.reduce((sum, { amountCents }) => sum + amountCents, 0),
  };
  const subject = String(unixSeconds(churnedAt));
  await addMessage(tx, { tenantPubkey, template: 'paused', subject, params }, deps);
  return true;
}
