import { z } from 'zod';

import { attachCard } from '../customer-cards.js';
import { stripeRoute } from '../stripe-route.js';

/** POST /v1/payment_methods/:id/attach: the id may be a test card's name. */
export const attachPaymentMethod = stripeRoute({
  method: 'POST',
  path: '/v1/payment_methods/:id/attach',
  params: z.object({ customer: z.string() }),
  answer: ({ customer }, { world, id }) => attachCard(world, customer, id),
});
