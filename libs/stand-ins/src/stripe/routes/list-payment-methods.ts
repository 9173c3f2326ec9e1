import { z } from 'zod';

import { cardsOf } from '../customer-cards.js';
import { listObjects, listParams } from '../list-objects.js';
import { stripeRoute } from '../stripe-route.js';

/** GET /v1/payment_methods: those of a customer, newest first; without one, none. */
export const listPaymentMethods = stripeRoute({
  method: 'GET',
  path: '/v1/payment_methods',
  params: z.object({ ...listParams, customer: z.string().optional(), type: z.string().optional() }),
  answer: ({ customer, type = 'card', ...page }, { world }) => {
    if (customer !== undefined) world.store.named('customer', customer, 'customer');
    const cards = customer === undefined ? [] : cardsOf(world, customer);
    return listObjects(
      '/v1/payment_methods',
      cards.filter((card) => card.type === type),
      page,
    );
  },
});
