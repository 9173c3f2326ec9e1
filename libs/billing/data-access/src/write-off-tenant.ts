import { idSchema } from '@caravel/domain';
import type { LockedHistory, Sql } from '@caravel/platform-data-access';
import type { AccountDeps } from './account.js';
import { isOpen } from './collection-due.js';
import { replayAccounts } from './replay-accounts.js';
import { switchRelays } from './switch-relays.js';
import { voidInvoice } from './void-invoice.js';

/**
 * The end of churn without money, in a transaction that holds the lock and has looked: every open invoice is voided with its
 * items, paused relays are stopped for good, and the account can be used again, with a short grace until an admin clears it.
 */
export async function writeOffTenant(tx: Sql, history: LockedHistory, deps: AccountDeps): Promise<void> {
  const { tenantPubkey } = history;
  const open = await tx.$queryRaw<{ id: string; amount_cents: number }[]>`
    SELECT id, amount_cents FROM invoice WHERE tenant_pubkey = ${tenantPubkey} AND ${isOpen}`;
  let writtenOffCents = 0;
  for (const { id, amount_cents: amountCents } of open) {
    const voided = await voidInvoice(tx, { invoiceId: idSchema.parse(id), mode: 'write_off' }, deps);
    if (voided === 'voided') writtenOffCents += amountCents;
  }
  const stopped = { from: 'delinquent', to: 'inactive', type: 'deactivate_relay' } as const;
  await switchRelays(tx, history, { ...stopped, clock: deps.clock });
  await tx.$executeRaw`
    UPDATE tenant_billing SET churned_at = NULL, short_grace = true, written_off_cents = written_off_cents + ${writtenOffCents}
    WHERE tenant_pubkey = ${tenantPubkey}`;
  await replayAccounts(tx, [tenantPubkey], deps);
}
