import { z } from 'zod';

import { stripeRoute } from '../stripe-route.js';

/** GET /v1/customers/:id */
export const getCustomer = stripeRoute({
  method: 'GET',
  path: '/v1/customers/:id',
  params: z.object({}),
  answer: (_params, { world, id }) => world.store.get('customer', id),
});
