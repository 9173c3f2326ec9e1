import { z } from 'zod';
import { endpoint } from '../endpoint.js';

export const stripeEndpoints = {
  stripeWebhook: endpoint({
    method: 'POST',
    path: '/stripe/webhook',
    policy: 'public',
    summary: 'Events of Stripe’s, signed; 404 where STRIPE_WEBHOOK_SECRET is not set',
    answer: z.object({ received: z.literal(true) }),
    errors: ['not-found'],
  }),
};
