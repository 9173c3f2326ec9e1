import type { Clock } from '@caravel/domain';
import { inParallel } from '@caravel/service';
import type { Logger } from '@caravel/service';
import type { Tell } from './announce-tenant.js';
import type { CardBook, ClaimedCheckout } from './card-book.js';
import type { CardDesk } from './card-desk.js';
import { CLAIM_LIMIT } from './claim-limit.js';
import type { CollectionBook } from './collection-book.js';
import { retryOfferCheck } from './offer-schedule.js';

const CONCURRENCY = 4;

/**
 * Asks Stripe about Checkout pages and books what was paid on them. A page of an invoice that was closed another way is
 * expired, so that nobody pays it again; one that was paid all the same becomes credit. Answers how many were claimed.
 */
export function checkCheckouts(deps: CheckCheckoutsDeps) {
  return async (scope: CheckoutScope): Promise<number> => {
    const claimed = await deps.cards.claimCheckouts(scope, { limit: CLAIM_LIMIT });
    await inParallel(claimed, CONCURRENCY, async (checkout) => {
      try {
        await check(deps, checkout);
      } catch (error) {
        // Its claim runs out and it is asked about again.
        deps.log.error({ err: error, offerId: checkout.id }, 'a Checkout page could not be checked');
      }
    });
    return claimed.length;
  };
}

async function check(deps: CheckCheckoutsDeps, checkout: ClaimedCheckout): Promise<void> {
  const { cards, collection, stripe, clock, log, tell } = deps;
  const { id: offerId, invoiceId, tenantPubkey, sessionId, invoiceOpen } = checkout;
  const page = await (invoiceOpen ? stripe.findCheckout(sessionId) : stripe.expireCheckout(sessionId));
  if (page?.status === 'paid') {
    const { settlement, relays } = await collection.settle(offerId);
    log.info({ tenantPubkey, invoiceId, offerId, settlement }, 'a Checkout page was paid');
    await tell(tenantPubkey, { relays });
  } else if (page?.status === 'expired') {
    await cards.closeCheckout(offerId);
  } else {
    await cards.askCheckoutAgain(offerId, retryOfferCheck({ ...checkout, pulledAt: null }, clock.now()));
  }
}

export type CheckoutScope = Parameters<CardBook['claimCheckouts']>[0];

export interface CheckCheckoutsDeps {
  cards: Pick<CardBook, 'claimCheckouts' | 'closeCheckout' | 'askCheckoutAgain'>;
  collection: Pick<CollectionBook, 'settle'>;
  stripe: Pick<CardDesk, 'findCheckout' | 'expireCheckout'>;
  clock: Clock;
  log: Logger;
  tell: Tell;
}
