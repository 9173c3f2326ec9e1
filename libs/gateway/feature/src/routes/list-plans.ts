import { planSchema } from '@caravel/domain';
import { z } from 'zod';
import { definePublicRoute } from '../http/define-route.js';

/** Hidden plans too: a client has to show what a relay is on. */
export const listPlans = definePublicRoute({
  method: 'GET',
  path: '/plans',
  policy: 'public',
  summary: 'All plans; amounts are cents a month for each relay',
  answer: z.array(planSchema),
  handler: (_input, { plans }) => plans.list(),
});
