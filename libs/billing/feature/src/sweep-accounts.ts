import type { Pubkey } from '@caravel/domain';
import type { Logger } from '@caravel/service';
import type { AccountBooks, PastBoundary } from './account-books.js';

const BATCH = 100;
/** What commands of a tenant in the batch wait for grows with it, what is saved soon does not. */
const CLOSE_BATCH = 500;

/**
 * Brings everybody's books up to now who is due, in batches of one transaction each: tenants with facts whose bell was lost
 * are replayed, those whose period has ended are closed. Reads due rows only; a tenant that can't be billed is reported and
 * does not stop the others.
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

  /** Null after the last one. A batch that fails is gone through again tenant by tenant, to find out whose fault it is. */
  const closeBatch = async (after: PastBoundary | null): Promise<PastBoundary | null> => {
    try {
      const { last, invoiceIds } = await accounts.closePeriods({ after, limit: CLOSE_BATCH });
      if (invoiceIds.length > 0) log.info({ invoices: invoiceIds.length }, 'periods closed');
      return last;
    } catch (error) {
      log.warn({ err: error }, 'a batch of periods could not be closed');
      const ended = await accounts.pastBoundary({ after, limit: BATCH });
      if (ended.length > 0) await replayBatch(ended.map(({ tenantPubkey }) => tenantPubkey));
      return ended.at(-1) ?? null;
    }
  };

  /** A look without a transaction: mostly nobody is. */
  const isDue = async (after: PastBoundary | null): Promise<boolean> =>
    (await accounts.pastBoundary({ after, limit: 1 })).length > 0;

  return async (signal: AbortSignal): Promise<void> => {
    let facts: Pubkey[] = [];
    do {
      facts = await accounts.withUnbilledFacts({ after: facts.at(-1) ?? null, limit: BATCH });
      if (facts.length > 0) await replayBatch(facts);
    } while (facts.length === BATCH && !signal.aborted);

    let closed: PastBoundary | null = null;
    while (await isDue(closed)) {
      closed = await closeBatch(closed);
      if (closed === null || signal.aborted) return;
    }
  };
}
