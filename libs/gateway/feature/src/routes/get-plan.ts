import { AppError, planSchema } from '@caravel/domain';
import { z } from 'zod';
import { definePublicRoute } from '../http/define-route.js';

export const getPlan = definePublicRoute({
  method: 'GET',
  path: '/plans/:id',
  policy: 'public',
  summary: 'One plan',
  params: z.object({ id: z.string() }),
  answer: planSchema,
  errors: ['not-found'],
  handler: async ({ params }, { plans }) => {
    const plan = (await plans.list()).find(({ id }) => id === params.id);
    if (!plan) throw new AppError('not-found', 'There is no such plan. GET /plans lists the plans there are.');
    return plan;
  },
});
