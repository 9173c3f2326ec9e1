import { unixSeconds } from '@caravel/domain';
import type { Id, Pubkey } from '@caravel/domain';
import type { Tx } from '@caravel/platform-data-access';
import { accountChanges } from './account-changes.js';
import type { AccountDeps, AccountReplayed, LoadedAccount } from './account.js';
import { loadAccounts } from './load-accounts.js';
import { numberInvoices } from './number-invoices.js';
import { writeAccounts } from './write-accounts.js';

/**
 * Replays the history of tenants whose lock this transaction holds, and writes what follows: with the plain period close,
 * which gives the same rows, the one way in which items and invoices come to be. Writes nothing when there is nothing new.
 * It numbers what it cuts and so holds the year's counter to the end: as little as possible may follow it in a transaction.
 */
export async function replayAccounts(
  tx: Tx,
  tenantPubkeys: readonly Pubkey[],
  deps: AccountDeps,
): Promise<AccountReplayed[]> {
  const replayed = await replayUnnumbered(tx, tenantPubkeys, deps);
  const newIds = replayed.flatMap(({ newInvoiceIds }) => newInvoiceIds);
  await numberInvoices(tx, newIds, deps.clock.now());
  return replayed.map(({ tenantPubkey, invoiceIds, more, churned }) => ({ tenantPubkey, invoiceIds, more, churned }));
}

/** The same for a transaction that has more invoices to cut: whoever calls it numbers `newInvoiceIds`. */
export async function replayUnnumbered(
  tx: Tx,
  tenantPubkeys: readonly Pubkey[],
  { clock, newId, replay, graceDays }: AccountDeps,
): Promise<(AccountReplayed & { newInvoiceIds: Id[] })[]> {
  const now = clock.now();
  const accounts = await loadAccounts(tx, tenantPubkeys);
  const changes = accounts.map((account) => {
    const result = replay(account.state, account.facts, lookUntil(account, unixSeconds(now)));
    return accountChanges(account, result, { now, newId });
  });
  await writeAccounts(tx, changes, { now, graceDays });

  return changes.map(({ tenantPubkey, invoices }, index) => ({
    tenantPubkey,
    newInvoiceIds: invoices.map(({ id }) => id),
    invoiceIds: invoices.filter(({ voided }) => !voided).map(({ id }) => id),
    more: accounts[index]?.more ?? false,
    churned: accounts[index]?.churned ?? false,
  }));
}

/** With facts left for the next replay, no boundary after the last one taken may be closed yet. */
function lookUntil({ facts, more }: LoadedAccount, nowS: number): number {
  return more ? (facts.at(-1)?.atS ?? nowS) : nowS;
}
