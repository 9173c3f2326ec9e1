import { z } from 'zod';

import { newPortalSession } from '../objects/portal-session.js';
import { stripeRoute } from '../stripe-route.js';

/** POST /v1/billing_portal/sessions */
export const createPortalSession = stripeRoute({
  method: 'POST',
  path: '/v1/billing_portal/sessions',
  params: z.object({ customer: z.string(), return_url: z.url().optional() }),
  answer: ({ customer, return_url: returnUrl = null }, { world }) => {
    world.store.named('customer', customer, 'customer');
    return world.store.put('billing_portal.session', newPortalSession(world, { customer, return_url: returnUrl }));
  },
});
