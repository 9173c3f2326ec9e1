import { z } from 'zod';

import { newCustomer } from '../objects/customer.js';
import { mergeMetadata, metadataSchema } from '../stripe-params.js';
import { stripeRoute } from '../stripe-route.js';

/** POST /v1/customers: no parameter is required. */
export const createCustomer = stripeRoute({
  method: 'POST',
  path: '/v1/customers',
  params: z.object({
    name: z.string().max(256).optional(),
    email: z.email('Invalid email address').max(512).optional(),
    description: z.string().max(350).optional(),
    phone: z.string().max(20).optional(),
    metadata: metadataSchema.default({}),
  }),
  answer: ({ metadata, ...given }, { world }) => {
    const customer = newCustomer(world, { ...given, metadata: mergeMetadata({}, metadata) });
    world.store.put('customer', customer);
    world.emit('customer.created', customer);
    return customer;
  },
});
