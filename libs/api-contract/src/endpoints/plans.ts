import { planSchema } from '@caravel/domain';
import { z } from 'zod';
import { endpoint } from '../endpoint.js';

export const planEndpoints = {
  /** Hidden plans too: a client has to show what a relay is on. */
  listPlans: endpoint({
    method: 'GET',
    path: '/plans',
    policy: 'public',
    summary: 'All plans; amounts are cents a month for each relay',
    answer: z.array(planSchema),
  }),
  getPlan: endpoint({
    method: 'GET',
    path: '/plans/:id',
    policy: 'public',
    summary: 'One plan',
    answer: planSchema,
    errors: ['not-found'],
  }),
};
