import { z } from 'zod';

import { stripeRoute } from '../stripe-route.js';

/** GET /v1/charges/:id */
export const getCharge = stripeRoute({
  method: 'GET',
  path: '/v1/charges/:id',
  params: z.object({}),
  answer: (_params, { world, id }) => world.store.get('charge', id),
});
