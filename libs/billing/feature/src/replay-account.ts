import type { Pubkey } from '@caravel/domain';
import type { Logger } from '@caravel/service';
import type { AccountBooks } from './account-books.js';

/** Replays one tenant until nothing new is found. Answers whether it has a customer at Stripe. */
export function replayAccount({ accounts, log }: { accounts: AccountBooks; log: Logger }) {
  return async (tenantPubkey: Pubkey): Promise<{ hasCustomer: boolean }> => {
    for (;;) {
      const [replayed] = await accounts.replay([tenantPubkey]);
      for (const invoiceId of replayed?.invoiceIds ?? []) log.info({ tenantPubkey, invoiceId }, 'invoice cut');
      if (!replayed?.more) return { hasCustomer: replayed?.hasCustomer ?? false };
    }
  };
}
