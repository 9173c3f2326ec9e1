import { billingAccount } from '@caravel/contracts';
import { pubkeySchema } from '@caravel/domain';
import type { BellRinger } from '@caravel/queue';
import type { FireWorld } from '../fire-world.js';

/** Who has no wallet keeps a card with Stripe as soon as Stripe knows the tenant. The client's looks and Stripe's events ring. */
export async function giveCards({ database, saveCard }: FireWorld, bells: BellRinger): Promise<void> {
  const waiting = await database.query<{ customer: string; tenant: string }>(
    `SELECT stripe_customer_id AS customer, tenant_pubkey AS tenant FROM tenant_billing billing
     WHERE stripe_payment_method_id IS NULL
       AND NOT EXISTS (SELECT FROM tenant_wallet wallet WHERE wallet.tenant_pubkey = billing.tenant_pubkey)`,
  );
  for (const { customer, tenant } of waiting) {
    if (customer !== '') saveCard(customer);
    await bells.ring(billingAccount, { tenantPubkey: pubkeySchema.parse(tenant) });
  }
}
