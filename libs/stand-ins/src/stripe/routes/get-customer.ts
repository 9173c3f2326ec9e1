import { z } from 'zod';

import { expandSchema } from '../stripe-params.js';
import { stripeRoute } from '../stripe-route.js';

/** GET /v1/customers/:id */
export const getCustomer = stripeRoute({
  method: 'GET',
  path: '/v1/customers/:id',
  params: z.strictObject({ expand: expandSchema.optional() }),
  answer: (_params, { store, id }) => store.get(id, 'customer'),
});
