import type { Pubkey } from '@caravel/domain';
import type { TestDatabase } from '@caravel/testing';
import type { CardMode } from './card-charges.js';
import type { cardWorld } from './card-world.js';

/** What tenants do in Stripe's portal. */
export function savedCards({ database, card }: { database: TestDatabase; card: ReturnType<typeof cardWorld> }) {
  return {
    /** The tenant saved a card that behaves as told; Stripe knows, billing has yet to ask. Answers its customer. */
    saveCard: async (tenant: Pubkey, mode: CardMode = 'pays'): Promise<string> => {
      const customer = `cus_${tenant.slice(0, 8)}`;
      await database.query(
        `INSERT INTO tenant_billing (tenant_pubkey, stripe_customer_id) VALUES ($1, $2)
         ON CONFLICT (tenant_pubkey) DO UPDATE SET stripe_customer_id = excluded.stripe_customer_id`,
        [tenant, customer],
      );
      card.saveCard(customer, mode);
      return customer;
    },
  };
}
