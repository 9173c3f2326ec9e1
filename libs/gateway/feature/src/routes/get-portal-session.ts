import { api } from '@caravel/api-contract';
import { defineOwnedRoute } from '../http/define-route.js';
import { portalPage } from '../use-cases/stripe-page.js';
import { tenantOfPath } from './owned.js';

export const getPortalSession = defineOwnedRoute(api.getPortalSession, {
  load: tenantOfPath,
  handler: ({ resource, query }, deps) => portalPage(deps, resource, query.return_url),
});
