import type { Clock } from '@caravel/domain';
import type { PrismaClient } from '@caravel/platform-data-access';

/** Whoever took one and failed, or died, leaves it to others after this. */
const CLAIM_MS = 5 * 60_000;

interface LeftCustomer {
  customerId: string;
  /** Its tenant came back so soon that Stripe gave the same one again. */
  isUsed: boolean;
}

/** Customers at Stripe whose accounts were deleted. A row is the wish that one is deleted there, too; it goes when that is done. */
export function leftCustomerStore(client: PrismaClient, { clock }: { clock: Clock }) {
  return {
    /** Takes those whose time has come, for this process alone for five minutes. */
    claimLeft: async ({ limit }: { limit: number }): Promise<LeftCustomer[]> => {
      const now = clock.now();
      const rows = await client.$queryRaw<{ customer_id: string; is_used: boolean }[]>`
        UPDATE left_customer SET next_try_at = ${new Date(now.getTime() + CLAIM_MS)}
        WHERE customer_id IN (
          SELECT customer_id FROM left_customer WHERE next_try_at <= ${now}
          ORDER BY next_try_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)
        RETURNING customer_id, EXISTS (
          SELECT FROM tenant_billing WHERE tenant_billing.stripe_customer_id = left_customer.customer_id
            AND tenant_billing.stripe_customer_id <> '') AS is_used`;
      return rows.map((row) => ({ customerId: row.customer_id, isUsed: row.is_used }));
    },

    /** Nothing is to be done about it any more. */
    forget: async (customerId: string): Promise<void> => {
      await client.$executeRaw`DELETE FROM left_customer WHERE customer_id = ${customerId}`;
    },
  };
}
