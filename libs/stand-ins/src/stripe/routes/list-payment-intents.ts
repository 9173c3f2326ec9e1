import { z } from 'zod';

import { listObjects, listParams } from '../list-objects.js';
import { stripeRoute } from '../stripe-route.js';

/** GET /v1/payment_intents: newest first, of one customer when one is named. */
export const listPaymentIntents = stripeRoute({
  method: 'GET',
  path: '/v1/payment_intents',
  params: z.object({ ...listParams, customer: z.string().optional() }),
  answer: ({ customer, ...page }, { world }) => {
    if (customer !== undefined) world.store.named('customer', customer, 'customer');
    const all = world.store.list('payment_intent');
    const theirs = customer === undefined ? all : all.filter((intent) => intent.customer === customer);
    return listObjects('/v1/payment_intents', theirs, page);
  },
});
