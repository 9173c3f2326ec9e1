import { z } from 'zod';

import { stripeRoute } from '../stripe-route.js';

/** GET /v1/events/:id */
export const getEvent = stripeRoute({
  method: 'GET',
  path: '/v1/events/:id',
  params: z.object({}),
  answer: (_params, { world, id }) => world.store.get('event', id),
});
