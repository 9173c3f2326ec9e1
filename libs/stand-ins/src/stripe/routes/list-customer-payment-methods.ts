import { z } from 'zod';

import { cardsOf } from '../customer-cards.js';
import { listObjects, listParams } from '../list-objects.js';
import { stripeRoute } from '../stripe-route.js';

/** GET /v1/customers/:id/payment_methods: newest first. */
export const listCustomerPaymentMethods = stripeRoute({
  method: 'GET',
  path: '/v1/customers/:id/payment_methods',
  params: z.object({ ...listParams, type: z.string().optional() }),
  answer: ({ type = 'card', ...page }, { world, id }) => {
    world.store.get('customer', id);
    const cards = cardsOf(world, id).filter((card) => card.type === type);
    return listObjects(`/v1/customers/${id}/payment_methods`, cards, page);
  },
});
