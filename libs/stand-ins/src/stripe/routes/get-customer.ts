import { z } from 'zod';

import { stripeRoute } from '../stripe-route.js';

/** GET /v1/customers/:id; of one that was deleted there is little left. */
export const getCustomer = stripeRoute({
  method: 'GET',
  path: '/v1/customers/:id',
  params: z.object({}),
  answer: (_params, { world, id }) =>
    world.store.isDeleted(id) ? { id, object: 'customer', deleted: true } : world.store.get('customer', id),
});
