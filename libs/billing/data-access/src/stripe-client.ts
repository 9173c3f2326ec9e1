import { AppError } from '@caravel/domain';
import type { Pubkey } from '@caravel/domain';
import { cardPayments } from './stripe/card-payments.js';
import { checkoutSessions } from './stripe/checkout-sessions.js';
import { errorCode } from './stripe/error-code.js';
import { refunds } from './stripe/refunds.js';
import { savedCards } from './stripe/saved-cards.js';
import { stripeCalls } from './stripe/stripe-calls.js';
import type { StripeOptions } from './stripe/stripe-calls.js';

export type StripeClient = ReturnType<typeof stripeClient>;

/** What billing asks of Stripe. Each call has a deadline and no retries of ours; whoever asks decides what a failure means. */
export function stripeClient(options: StripeOptions) {
  const calls = stripeCalls(options);
  return {
    /**
     * The same tenant gets the same customer, however often this is asked (https://docs.stripe.com/api/idempotent_requests).
     * Throws `service-unavailable` (retryable) while Stripe is busy or silent, `stripe-customer-create-failed` when it refuses this
     * one; errors hold no secret of ours.
     */
    createCustomer: async (tenantPubkey: Pubkey): Promise<string> => {
      const create = () =>
        calls.sdk.customers.create(
          { name: `Tenant ${tenantPubkey.slice(0, 12)}`, metadata: { tenant_pubkey: tenantPubkey } },
          { idempotencyKey: `customer-${tenantPubkey}` },
        );
      const answer = await calls.ask({ endpoint: 'customers', operation: 'create_customer' }, create);
      if (answer.type === 'result') return answer.value.id;
      if (answer.type === 'refused')
        throw new AppError('stripe-customer-create-failed', 'Stripe refused a customer.', { cause: answer.error });
      throw new AppError('service-unavailable', `Stripe made no customer: ${answer.type}.`);
    },
    /**
     * With its cards; its payments stay (https://docs.stripe.com/api/customers/delete). True when there is no such customer any
     * more, also when that was so before.
     */
    deleteCustomer: async (customerId: string): Promise<boolean> => {
      const call = { endpoint: 'customers', operation: 'delete_customer' } as const;
      const answer = await calls.ask(call, () => calls.sdk.customers.del(customerId));
      return answer.type === 'result' || (answer.type === 'refused' && errorCode(answer.error) === 'resource_missing');
    },
    ...savedCards(calls),
    ...cardPayments(calls),
    ...checkoutSessions(calls),
    ...refunds(calls),
  };
}
