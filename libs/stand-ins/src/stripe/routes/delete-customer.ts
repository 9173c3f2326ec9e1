import { z } from 'zod';

import { detachCard } from '../customer-cards.js';
import { stripeRoute } from '../stripe-route.js';

/** DELETE /v1/customers/:id: its cards are detached, its payments stay; read again it is `{id, object, deleted}`. */
export const deleteCustomer = stripeRoute({
  method: 'DELETE',
  path: '/v1/customers/:id',
  params: z.object({}),
  answer: (_params, { world, id }) => {
    const customer = world.store.get('customer', id);
    for (const { id: cardId, customer: owner } of world.store.list('payment_method')) {
      if (owner === id) detachCard(world, cardId);
    }
    world.store.remove('customer', id);
    world.emit('customer.deleted', customer);
    return { id, object: 'customer', deleted: true };
  },
});
