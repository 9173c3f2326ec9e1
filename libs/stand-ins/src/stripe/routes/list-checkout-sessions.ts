import { z } from 'zod';

import { currentSession } from '../checkout.js';
import { listObjects, listParams } from '../list-objects.js';
import { stripeRoute } from '../stripe-route.js';

/** GET /v1/checkout/sessions: newest first, of a customer, an intent or a status when one is named. */
export const listCheckoutSessions = stripeRoute({
  method: 'GET',
  path: '/v1/checkout/sessions',
  params: z.object({
    ...listParams,
    customer: z.string().optional(),
    payment_intent: z.string().optional(),
    status: z.string().optional(),
  }),
  answer: ({ customer, payment_intent: intent, status, ...page }, { world }) => {
    const sessions = world.store
      .list('checkout.session')
      .map(({ id }) => currentSession(world, id))
      .filter((each) => customer === undefined || each.customer === customer)
      .filter((each) => intent === undefined || each.payment_intent === intent)
      .filter((each) => status === undefined || each.status === status);
    return listObjects('/v1/checkout/sessions', sessions, page);
  },
});
