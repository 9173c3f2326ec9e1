import { idSchema } from '@caravel/domain';
import { z } from 'zod';
import { defineCall, refusedSchema } from './define.js';

/** gateway → billing: a Stripe Checkout page for one invoice, for 30 minutes. The URL opens the payment: secret. */
export const checkoutSession = defineCall({
  name: 'checkout-session',
  service: 'billing-service',
  request: z.object({ invoiceId: idSchema, returnUrl: z.string() }),
  answer: z.union([
    z.object({ url: z.string() }),
    refusedSchema('invoice-not-payable', 'service-unavailable', 'stripe-customer-create-failed'),
  ]),
  timeoutMs: 10_000,
  secret: true,
});
