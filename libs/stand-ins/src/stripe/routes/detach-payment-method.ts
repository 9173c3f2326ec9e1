import { z } from 'zod';

import { detachCard } from '../customer-cards.js';
import { stripeRoute } from '../stripe-route.js';

/** POST /v1/payment_methods/:id/detach */
export const detachPaymentMethod = stripeRoute({
  method: 'POST',
  path: '/v1/payment_methods/:id/detach',
  params: z.object({}),
  answer: (_params, { world, id }) => detachCard(world, id),
});
