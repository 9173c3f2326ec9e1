import { idSchema } from '@caravel/domain';
import type { LockedHistory, Tx } from '@caravel/platform-data-access';
import type { AccountDeps } from './account.js';
import { replayAccounts } from './replay-accounts.js';
import { switchRelays } from './switch-relays.js';
import { voidInvoice } from './void-invoice.js';

/**
 * The end of churn without money, in a transaction that holds the lock and has looked: every open invoice is voided with its
 * items, paused relays are stopped for good, and the account can be used again, with a short grace until an admin clears it.
 */
export async function writeOffTenant(tx: Tx, history: LockedHistory, deps: AccountDeps): Promise<void> {
  const { tenantPubkey } = history;
  const open = await tx.invoice.findMany({
    where: { tenantPubkey, paidAt: null, voidedAt: null },
    select: { id: true, amountCents: true },
  });
  let writtenOffCents = 0;
  for (const { id, amountCents } of open) {
    const voided = await voidInvoice(tx, { invoiceId: idSchema.parse(id), mode: 'write_off' }, deps);
    if (voided === 'voided') writtenOffCents += amountCents;
  }
  const stopped = { from: 'delinquent', to: 'inactive', type: 'deactivate_relay' } as const;
  await switchRelays(tx, history, { ...stopped, clock: deps.clock });
  await tx.tenantBilling.update({
    where: { tenantPubkey },
    data: { churnedAt: null, shortGrace: true, writtenOffCents: { increment: writtenOffCents } },
    select: { tenantPubkey: true },
  });
  await replayAccounts(tx, [tenantPubkey], deps);
}
