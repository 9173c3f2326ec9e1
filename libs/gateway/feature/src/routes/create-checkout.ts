import { api } from '@caravel/api-contract';
import { defineOwnedRoute } from '../http/define-route.js';
import { checkoutPage } from '../use-cases/stripe-page.js';
import { invoiceOfPath } from './owned.js';

export const postCheckout = defineOwnedRoute(api.createCheckout, {
  load: invoiceOfPath,
  handler: ({ resource, query }, deps) => checkoutPage(deps, resource, query.return_url),
});
