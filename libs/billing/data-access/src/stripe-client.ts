import type { Pubkey } from '@caravel/domain';
import Stripe from 'stripe';

export type StripeClient = ReturnType<typeof stripeClient>;

/**
 * What billing asks of Stripe. Each call has a deadline of 5 s and is tried once; whoever asks decides what a failure means.
 * Throws Stripe's own errors, which hold no secret of ours.
 */
export function stripeClient({ secretKey, apiUrl }: { secretKey: string; apiUrl?: string | undefined }) {
  const stripe = new Stripe(secretKey, {
    timeout: 5_000,
    maxNetworkRetries: 0,
    telemetry: false,
    ...(apiUrl === undefined ? {} : address(new URL(apiUrl))),
  });
  return {
    /** The same tenant gets the same customer, however often this is asked (https://docs.stripe.com/api/idempotent_requests). */
    createCustomer: async (tenantPubkey: Pubkey): Promise<string> => {
      const customer = await stripe.customers.create(
        { name: `Tenant ${tenantPubkey.slice(0, 12)}`, metadata: { tenant_pubkey: tenantPubkey } },
        { idempotencyKey: `customer-${tenantPubkey}` },
      );
      return customer.id;
    },
  };
}

function address({ protocol, hostname, port }: URL) {
  const secure = protocol === 'https:';
  return {
    protocol: secure ? ('https' as const) : ('http' as const),
    host: hostname,
    port: port || (secure ? 443 : 80),
  };
}
