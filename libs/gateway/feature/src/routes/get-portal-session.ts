import { defineOwnedRoute } from '../http/define-route.js';
import { returnUrlQuery } from '../http/return-url-query.js';
import { pageUrlJson } from '../json/page-url-json.js';
import { portalPage } from '../use-cases/stripe-page.js';
import { tenantOfPath } from './owned.js';

export const getPortalSession = defineOwnedRoute({
  method: 'GET',
  path: '/tenants/:pubkey/stripe/session',
  policy: 'sameTenantOnly',
  summary: 'A page of Stripe’s where the tenant saves or removes a card',
  load: tenantOfPath,
  query: returnUrlQuery,
  answer: pageUrlJson,
  errors: ['service-unavailable', 'stripe-customer-create-failed'],
  handler: ({ resource, query }, deps) => portalPage(deps, resource, query.return_url),
});
