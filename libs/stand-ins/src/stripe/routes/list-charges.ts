import { z } from 'zod';

import { listObjects, listParams } from '../list-objects.js';
import { stripeRoute } from '../stripe-route.js';

/** GET /v1/charges: newest first, of a customer or an intent when one is named. */
export const listCharges = stripeRoute({
  method: 'GET',
  path: '/v1/charges',
  params: z.object({ ...listParams, customer: z.string().optional(), payment_intent: z.string().optional() }),
  answer: ({ customer, payment_intent: intent, ...page }, { world }) => {
    const charges = world.store
      .list('charge')
      .filter((each) => customer === undefined || each.customer === customer)
      .filter((each) => intent === undefined || each.payment_intent === intent);
    return listObjects('/v1/charges', charges, page);
  },
});
