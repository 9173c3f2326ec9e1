import { z } from 'zod';

import { stripeRoute } from '../stripe-route.js';

/** GET /v1/payment_intents/:id */
export const getPaymentIntent = stripeRoute({
  method: 'GET',
  path: '/v1/payment_intents/:id',
  params: z.object({}),
  answer: (_params, { world, id }) => world.store.get('payment_intent', id),
});
