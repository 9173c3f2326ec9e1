import { z } from 'zod';

import { stripeRoute } from '../stripe-route.js';

/** GET /v1/refunds/:id */
export const getRefund = stripeRoute({
  method: 'GET',
  path: '/v1/refunds/:id',
  params: z.object({}),
  answer: (_params, { world, id }) => world.store.get('refund', id),
});
