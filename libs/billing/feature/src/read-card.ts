import type { Pubkey } from '@caravel/domain';
import type { Logger } from '@caravel/service';
import type { CardBook } from './card-book.js';
import type { CardDesk } from './card-desk.js';

/**
 * Reads back which card a tenant has saved at Stripe, at most every 10 s. What is stored stays when Stripe does not answer.
 * Null unless Stripe could be asked now, so whoever is curious may ask it more about this tenant.
 */
export function readCard({ cards, stripe, log }: ReadCardDeps) {
  return async (tenantPubkey: Pubkey, when?: { onlyWhileOwing?: boolean }): Promise<CardRead | null> => {
    const kept = await cards.claimCardCheck(tenantPubkey, when);
    if (kept === null) return null;
    const found = await stripe.findCard(kept.customerId);
    if (!found) log.warn({ tenantPubkey }, 'Stripe did not say which card is saved');
    else if (found.cardId !== kept.cardId) await cards.saveCard(tenantPubkey, found.cardId);
    return found ?? kept;
  };
}

/** Null when none is saved. */
interface CardRead {
  cardId: string | null;
}

export interface ReadCardDeps {
  cards: Pick<CardBook, 'claimCardCheck' | 'saveCard'>;
  stripe: Pick<CardDesk, 'findCard'>;
  log: Logger;
}
