import { z } from 'zod';

import { listObjects, listParams } from '../list-objects.js';
import { stripeRoute } from '../stripe-route.js';

/** GET /v1/events: newest first, of some types when they are named. */
export const listEvents = stripeRoute({
  method: 'GET',
  path: '/v1/events',
  params: z.object({ ...listParams, type: z.string().optional(), types: z.array(z.string()).max(20).optional() }),
  answer: ({ type, types, ...page }, { world }) => {
    const wanted = types ?? (type === undefined ? undefined : [type]);
    const events = world.store.list('event').filter((each) => wanted === undefined || wanted.includes(each.type));
    return listObjects('/v1/events', events, page);
  },
});
