import type { Pubkey } from '@caravel/domain';
import type { Logger } from '@caravel/service';
import type { CardBook } from './card-book.js';
import type { CardDesk } from './card-desk.js';

/**
 * Reads back which card a tenant has saved at Stripe, at most every 10 s. What is stored stays when Stripe does not answer.
 * True when Stripe could be asked now, so whoever is curious may ask it more about this tenant.
 */
export function readCard({ cards, stripe, log }: ReadCardDeps) {
  return async (tenantPubkey: Pubkey, when?: { onlyWhileOwing?: boolean }): Promise<boolean> => {
    const customerId = await cards.claimCardCheck(tenantPubkey, when);
    if (customerId === null) return false;
    const found = await stripe.findCard(customerId);
    if (found) await cards.saveCard(tenantPubkey, found.cardId);
    else log.warn({ tenantPubkey }, 'Stripe did not say which card is saved');
    return true;
  };
}

export interface ReadCardDeps {
  cards: Pick<CardBook, 'claimCardCheck' | 'saveCard'>;
  stripe: Pick<CardDesk, 'findCard'>;
  log: Logger;
}
