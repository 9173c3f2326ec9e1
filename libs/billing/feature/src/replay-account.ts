import type { Pubkey } from '@caravel/domain';
import type { Logger } from '@caravel/service';
import type { AccountBooks } from './account-books.js';

/** Replays one tenant until nothing new is found. */
export function replayAccount({ accounts, log }: { accounts: AccountBooks; log: Logger }) {
  return async (tenantPubkey: Pubkey): Promise<void> => {
    for (let more = true; more;) {
      const [replayed] = await accounts.replay([tenantPubkey]);
      for (const invoiceId of replayed?.invoiceIds ?? []) log.info({ tenantPubkey, invoiceId }, 'invoice cut');
      more = replayed?.more ?? false;
    }
  };
}
