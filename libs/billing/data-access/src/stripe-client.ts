import type { Pubkey } from '@caravel/domain';
import Stripe from 'stripe';

export type StripeClient = ReturnType<typeof stripeClient>;

/**
 * What billing asks of Stripe. Each call has a deadline of 5 s and no retries of ours; whoever asks decides what a failure means.
 * Throws Stripe's own errors, which hold no secret of ours.
 */
export function stripeClient({ secretKey, apiUrl, observe = (_, run) => run() }: StripeOptions) {
  const stripe = new Stripe(secretKey, {
    timeout: 5_000,
    maxNetworkRetries: 0,
    telemetry: false,
    ...(apiUrl === undefined ? {} : address(new URL(apiUrl))),
  });
  return {
    /** The same tenant gets the same customer, however often this is asked (https://docs.stripe.com/api/idempotent_requests). */
    createCustomer: async (tenantPubkey: Pubkey): Promise<string> => {
      const create = () =>
        stripe.customers.create(
          { name: `Tenant ${tenantPubkey.slice(0, 12)}`, metadata: { tenant_pubkey: tenantPubkey } },
          { idempotencyKey: `customer-${tenantPubkey}` },
        );
      return (await observe({ target: 'stripe', operation: 'create_customer' }, create)).id;
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

export interface StripeOptions {
  secretKey: string;
  /** Default: Stripe's own. */
  apiUrl?: string | undefined;
  /** Records how long a call took and how it ended. */
  observe?: <Result>(call: { target: string; operation: string }, run: () => Promise<Result>) => Promise<Result>;
}
