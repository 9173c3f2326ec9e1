import type { Pubkey } from '@caravel/domain';
import type { CardDesk } from './card-desk.js';
import { NO_CUSTOMER, NO_STRIPE } from './customer-of.js';
import type { customerOf } from './customer-of.js';

/** Stripe's page where a tenant saves or removes a card; its URL opens the account and is neither kept nor logged. */
export function portal({ stripe, customerOf: findCustomer }: PortalDeps) {
  return async ({ tenantPubkey, returnUrl }: { tenantPubkey: Pubkey; returnUrl: string }) => {
    const customerId = await findCustomer(tenantPubkey);
    if (customerId === null) return NO_CUSTOMER;
    const url = await stripe.createPortal({ customerId, returnUrl });
    return url === null ? NO_STRIPE : { url };
  };
}

interface PortalDeps {
  stripe: Pick<CardDesk, 'createPortal'>;
  customerOf: ReturnType<typeof customerOf>;
}
