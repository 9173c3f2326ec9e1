import { unixSeconds } from '@caravel/domain';
import type { Pubkey } from '@caravel/domain';
import type { Sql } from '@caravel/platform-data-access';
import { accountChanges } from './account-changes.js';
import type { AccountDeps, AccountReplayed, LoadedAccount } from './account.js';
import { loadAccounts } from './load-accounts.js';
import { writeAccounts } from './write-accounts.js';

/**
 * Replays the history of tenants whose lock this transaction holds, and writes what follows: with the plain period close,
 * which gives the same rows, the one way in which items and invoices come to be. Writes nothing when there is nothing new.
 * Invoices have no number before the transaction commits.
 */
export async function replayAccounts(
  tx: Sql,
  tenantPubkeys: readonly Pubkey[],
  { clock, newId, replay, graceDays }: AccountDeps,
): Promise<AccountReplayed[]> {
  const now = clock.now();
  const accounts = await loadAccounts(tx, tenantPubkeys);
  const changes = accounts.map((account) => {
    const result = replay(account.state, account.facts, lookUntil(account, unixSeconds(now)));
    return accountChanges(account, result, { now, newId });
  });
  await writeAccounts(tx, changes, { now, graceDays });

  return changes.map(({ tenantPubkey, invoices }, index) => ({
    tenantPubkey,
    invoiceIds: invoices.filter(({ voided }) => !voided).map(({ id }) => id),
    more: accounts[index]?.more ?? false,
    churned: accounts[index]?.churned ?? false,
    hasCustomer: accounts[index]?.hasCustomer ?? false,
  }));
}

/** With facts left for the next replay, no boundary after the last one taken may be closed yet. */
function lookUntil({ facts, more }: LoadedAccount, nowS: number): number {
  return more ? (facts.at(-1)?.atS ?? nowS) : nowS;
}
