import { z } from 'zod';

import { listObjects, listParams } from '../list-objects.js';
import { stripeRoute } from '../stripe-route.js';

/** GET /v1/refunds: newest first, of an intent or a charge when one is named. */
export const listRefunds = stripeRoute({
  method: 'GET',
  path: '/v1/refunds',
  params: z.object({ ...listParams, payment_intent: z.string().optional(), charge: z.string().optional() }),
  answer: ({ payment_intent: intent, charge, ...page }, { world }) => {
    const refunds = world.store
      .list('refund')
      .filter((each) => intent === undefined || each.payment_intent === intent)
      .filter((each) => charge === undefined || each.charge === charge);
    return listObjects('/v1/refunds', refunds, page);
  },
});
