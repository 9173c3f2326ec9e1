import { z } from 'zod';

import { expireSession } from '../checkout.js';
import { stripeRoute } from '../stripe-route.js';

/** POST /v1/checkout/sessions/:id/expire: refused once it is complete or expired. */
export const expireCheckoutSession = stripeRoute({
  method: 'POST',
  path: '/v1/checkout/sessions/:id/expire',
  params: z.object({}),
  answer: (_params, { world, id }) => expireSession(world, id),
});
