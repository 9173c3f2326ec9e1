import { api } from '@caravel/api-contract';
import { AppError } from '@caravel/domain';
import { definePublicRoute } from '../http/define-route.js';

export const getPlan = definePublicRoute(api.getPlan, {
  handler: async ({ params }, { plans }) => {
    const plan = (await plans.list()).find(({ id }) => id === params.id);
    if (!plan) throw new AppError('not-found', 'There is no such plan. GET /plans lists the plans there are.');
    return plan;
  },
});
