import type { Pubkey } from '@caravel/domain';
import type { Logger } from '@caravel/service';
import type { AccountBooks } from './account-books.js';
import type { CardBook } from './card-book.js';
import type { CustomerDesk } from './ensure-customer.js';

/** The tenant's customer at Stripe, made now when this is the first need of one. Null when Stripe makes none. */
export function customerOf({ accounts, cards, customers, log }: CustomerOfDeps) {
  return async (tenantPubkey: Pubkey): Promise<string | null> => {
    const known = await cards.customerOf(tenantPubkey);
    if (known !== '') return known;
    try {
      await accounts.saveCustomer(tenantPubkey, await customers.createCustomer(tenantPubkey));
    } catch (error) {
      log.warn({ err: error, tenantPubkey }, 'no customer was made');
      return null;
    }
    // The first one that was saved counts, whoever was faster.
    return cards.customerOf(tenantPubkey);
  };
}

export const NO_CUSTOMER = {
  refused: 'stripe-customer-create-failed',
  message: 'Card payments could not be set up for your account. Please try again in a minute.',
} as const;

export const NO_STRIPE = {
  refused: 'service-unavailable',
  message: 'The page for card payments cannot be opened right now. Please try again in a minute.',
} as const;

export interface CustomerOfDeps {
  accounts: Pick<AccountBooks, 'saveCustomer'>;
  cards: Pick<CardBook, 'customerOf'>;
  customers: CustomerDesk;
  log: Logger;
}
