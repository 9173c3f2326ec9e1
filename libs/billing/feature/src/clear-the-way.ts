import type { Id } from '@caravel/domain';
import type { CardBook } from './card-book.js';
import type { CardDesk } from './card-desk.js';
import type { CollectionBook } from './collection-book.js';
import type { SystemWallet } from './system-wallet.js';

/** `paid`: the money came another way and is booked. `out-of-order`: nobody can say, so nothing may be charged. */
export type Way = 'clear' | 'paid' | 'out-of-order';

/**
 * Before a card is charged: nobody has paid the invoice's live bolt11, and nobody can pay its Checkout page any more. A page
 * that can't be expired has been paid.
 */
export function clearTheWay({ collection, cards, stripe, systemWallet }: ClearDeps) {
  const bolt11 = async (invoiceId: Id): Promise<Way> => {
    const offer = await collection.liveOffer(invoiceId);
    if (!offer) return 'clear';
    const answer = await systemWallet.lookupInvoice({ paymentHash: offer.paymentHash });
    if (answer !== 'settled') return answer === 'unsettled' ? 'clear' : 'out-of-order';
    await collection.settle(offer.id);
    return 'paid';
  };

  const closePage = clearPage({ collection, cards, stripe });
  const checkout = async (invoiceId: Id): Promise<Way> => {
    const page = await closePage(invoiceId);
    return page === 'clear' || page === 'paid' ? page : 'out-of-order';
  };

  return async (invoiceId: Id): Promise<Way> => {
    const way = await bolt11(invoiceId);
    return way === 'clear' ? checkout(invoiceId) : way;
  };
}

/**
 * Expires the invoice's open Checkout page. `paid`: that was too late, and the money is booked. `paying`: it may still come.
 * `silent`: Stripe gave no answer that counts.
 */
export function clearPage({ collection, cards, stripe }: Omit<ClearDeps, 'systemWallet'>) {
  return async (invoiceId: Id): Promise<'clear' | 'paid' | 'paying' | 'silent'> => {
    const live = await cards.liveCheckout(invoiceId);
    if (!live) return 'clear';
    const page = await stripe.expireCheckout(live.sessionId);
    if (page?.status === 'paid') {
      await collection.settle(live.id);
      return 'paid';
    }
    if (page?.status !== 'expired') return page ? 'paying' : 'silent';
    await cards.closeCheckout(live.id);
    return 'clear';
  };
}

export interface ClearDeps {
  collection: Pick<CollectionBook, 'liveOffer' | 'settle'>;
  cards: Pick<CardBook, 'liveCheckout' | 'closeCheckout'>;
  stripe: Pick<CardDesk, 'expireCheckout'>;
  systemWallet: Pick<SystemWallet, 'lookupInvoice'>;
}
