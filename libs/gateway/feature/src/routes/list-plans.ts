import { api } from '@caravel/api-contract';
import { definePublicRoute } from '../http/define-route.js';

/** Hidden plans too: a client has to show what a relay is on. */
export const listPlans = definePublicRoute(api.listPlans, {
  handler: (_input, { plans }) => plans.list(),
});
