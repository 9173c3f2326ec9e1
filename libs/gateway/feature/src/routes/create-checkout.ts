import { defineOwnedRoute } from '../http/define-route.js';
import { returnUrlQuery } from '../http/return-url-query.js';
import { pageUrlJson } from '../json/page-url-json.js';
import { checkoutPage } from '../use-cases/stripe-page.js';
import { invoiceOfPath } from './owned.js';

export const postCheckout = defineOwnedRoute({
  method: 'POST',
  path: '/invoices/:id/checkout',
  policy: 'adminOrTenant',
  summary: 'A page of Stripe’s on which this invoice is paid by card, open for half an hour',
  load: invoiceOfPath,
  query: returnUrlQuery,
  answer: pageUrlJson,
  errors: ['invoice-not-payable', 'service-unavailable', 'stripe-customer-create-failed'],
  handler: ({ resource, query }, deps) => checkoutPage(deps, resource, query.return_url),
});
