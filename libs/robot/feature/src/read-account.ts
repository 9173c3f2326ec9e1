import { invoiceBolt11 } from '@caravel/contracts';
import type { Id, Pubkey } from '@caravel/domain';
import type { CallClient } from '@caravel/queue';
import type { Logger } from '@caravel/service';
import type { AccountFacts, ReadAccount } from './account-content.js';

/**
 * Reads what an answer tells. A Lightning invoice comes from billing, as for the API; without one (billing is down, there is no
 * rate) the answer has the link.
 */
export function readAccount({ accounts, calls, log }: ReadAccountDeps): ReadAccount {
  const offerFor = async (invoiceId: Id, signal: AbortSignal): Promise<AccountFacts['bolt11']> => {
    try {
      const answer = await calls.ask(invoiceBolt11, { invoiceId }, { signal });
      return 'offerId' in answer ? await accounts.bolt11(answer.offerId) : null;
    } catch (error) {
      log.info({ err: error, invoiceId }, 'no Lightning invoice for an answer');
      return null;
    }
  };
  return async (tenantPubkey, { offer, signal }) => {
    const account = await accounts.read(tenantPubkey);
    const [oldest] = account.invoices;
    return { ...account, bolt11: offer && oldest ? await offerFor(oldest.id, signal) : null };
  };
}

export interface ReadAccountDeps {
  accounts: {
    read: (pubkey: Pubkey) => Promise<Omit<AccountFacts, 'bolt11'>>;
    bolt11: (offerId: Id) => Promise<AccountFacts['bolt11']>;
  };
  calls: Pick<CallClient, 'ask'>;
  log: Logger;
}
