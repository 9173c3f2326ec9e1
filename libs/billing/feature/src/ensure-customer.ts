import type { Clock, Pubkey } from '@caravel/domain';
import type { Logger } from '@caravel/service';
import type { AccountBooks } from './account-books.js';

/** Where card customers are kept (Stripe). */
export interface CustomerDesk {
  /** The same tenant gets the same customer, however often this is asked. */
  createCustomer: (tenantPubkey: Pubkey) => Promise<string>;
}

const PAUSE_MS = 60_000;

/** Makes a tenant's customer once it has had a paid relay. Never rejects, and leaves the desk alone for a minute after a failure. */
export function ensureCustomer({ accounts, customers, clock, log }: EnsureCustomerDeps) {
  let pausedUntilMs = -Infinity;
  return async (tenantPubkey: Pubkey): Promise<void> => {
    try {
      if (clock.now().getTime() < pausedUntilMs || !(await accounts.needsCustomer(tenantPubkey))) return;
      await accounts.saveCustomer(tenantPubkey, await customers.createCustomer(tenantPubkey));
    } catch (error) {
      pausedUntilMs = clock.now().getTime() + PAUSE_MS;
      log.warn({ err: error, tenantPubkey }, 'no customer was made');
    }
  };
}

interface EnsureCustomerDeps {
  accounts: AccountBooks;
  customers: CustomerDesk;
  clock: Clock;
  log: Logger;
}
