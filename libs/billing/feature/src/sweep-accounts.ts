import type { Pubkey } from '@caravel/domain';
import type { Logger } from '@caravel/service';
import type { AccountBooks } from './account-books.js';

const BATCH = 100;

/**
 * Replays everybody who is due, in batches of one transaction each: tenants with facts whose bell was lost, and those whose
 * period has ended. Reads due rows only; a tenant that can't be replayed is reported and does not stop the others.
 */
export function sweepAccounts({ accounts, log }: { accounts: AccountBooks; log: Logger }) {
  const replayBatch = async (tenantPubkeys: readonly Pubkey[]): Promise<void> => {
    try {
      const replayed = await accounts.replay(tenantPubkeys, { skipLocked: true });
      const invoices = replayed.reduce((count, { invoiceIds }) => count + invoiceIds.length, 0);
      if (invoices > 0) log.info({ tenants: replayed.length, invoices }, 'invoices cut');
    } catch (error) {
      if (tenantPubkeys.length > 1) {
        for (const tenantPubkey of tenantPubkeys) await replayBatch([tenantPubkey]);
        return;
      }
      log.error({ alert: 'replay', err: error, tenantPubkey: tenantPubkeys[0] }, 'a tenant could not be billed');
    }
  };

  return async (signal: AbortSignal): Promise<void> => {
    let facts: Pubkey[] = [];
    do {
      facts = await accounts.withUnbilledFacts({ after: facts.at(-1) ?? null, limit: BATCH });
      if (facts.length > 0) await replayBatch(facts);
    } while (facts.length === BATCH && !signal.aborted);

    let ended: Awaited<ReturnType<AccountBooks['pastBoundary']>> = [];
    do {
      ended = await accounts.pastBoundary({ after: ended.at(-1) ?? null, limit: BATCH });
      if (ended.length > 0) await replayBatch(ended.map(({ tenantPubkey }) => tenantPubkey));
    } while (ended.length === BATCH && !signal.aborted);
  };
}
