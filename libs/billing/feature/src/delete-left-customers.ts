import type { Logger } from '@caravel/service';

const LIMIT = 20;

/** Customers that deleted accounts have left at Stripe, in rows. */
interface LeftCustomers {
  /** Takes those whose time has come; whoever does not forget them finds them again. */
  claimLeft: (page: { limit: number }) => Promise<{ customerId: string; isUsed: boolean }[]>;
  forget: (customerId: string) => Promise<void>;
}

/**
 * Deletes the customers of deleted accounts at Stripe, with their cards; payments stay. Safe to repeat: one that is gone already
 * is as good as deleted. What Stripe does not answer is asked again in five minutes.
 */
export function deleteLeftCustomers({ left, customers, log }: LeftCustomersDeps) {
  return async (signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      const claimed = await left.claimLeft({ limit: LIMIT });
      for (const { customerId, isUsed } of claimed) {
        if (isUsed || (await customers.deleteCustomer(customerId))) await left.forget(customerId);
        else log.warn({ customerId }, 'the customer of a deleted account was not deleted at Stripe yet');
      }
      if (claimed.length < LIMIT) return;
    }
  };
}

export interface LeftCustomersDeps {
  left: LeftCustomers;
  /** True when there is no such customer at Stripe any more. */
  customers: { deleteCustomer: (customerId: string) => Promise<boolean> };
  log: Logger;
}
