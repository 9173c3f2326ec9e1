import { z } from 'zod';

import { stripeRoute } from '../stripe-route.js';

/** GET /v1/payment_methods/:id */
export const getPaymentMethod = stripeRoute({
  method: 'GET',
  path: '/v1/payment_methods/:id',
  params: z.object({}),
  answer: (_params, { world, id }) => world.store.get('payment_method', id),
});
