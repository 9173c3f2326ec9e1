import { z } from 'zod';

import { currentSession } from '../checkout.js';
import { stripeRoute } from '../stripe-route.js';

/** GET /v1/checkout/sessions/:id */
export const getCheckoutSession = stripeRoute({
  method: 'GET',
  path: '/v1/checkout/sessions/:id',
  params: z.object({}),
  answer: (_params, { world, id }) => currentSession(world, id),
});
