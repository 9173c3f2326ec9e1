import type { PrismaClient } from '@caravel/platform-data-access';
import type { AccountDeps } from './account.js';
import { cardAttemptStore } from './card-attempt-store.js';
import { checkoutStore } from './checkout-store.js';
import { customerStore } from './customer-store.js';
import { refundStore } from './refund-store.js';

export type CardStore = ReturnType<typeof cardStore>;

/** Everything that Stripe is asked about, in rows: customers and their cards, attempts, Checkout pages, refunds. */
export function cardStore(client: PrismaClient, deps: AccountDeps) {
  return {
    ...customerStore(client, deps),
    ...cardAttemptStore(client, deps),
    ...checkoutStore(client, deps),
    ...refundStore(client, deps),
  };
}
