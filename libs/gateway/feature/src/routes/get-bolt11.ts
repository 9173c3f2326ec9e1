import { defineOwnedRoute } from '../http/define-route.js';
import { bolt11Json, toBolt11Json } from '../json/bolt11-json.js';
import { payableBolt11 } from '../use-cases/payable-bolt11.js';
import { invoiceOfPath } from './owned.js';

export const getBolt11 = defineOwnedRoute({
  method: 'GET',
  path: '/invoices/:id/bolt11',
  policy: 'adminOrTenant',
  summary: 'A Lightning invoice that pays this one; made when there is none that is good for a while',
  load: invoiceOfPath,
  answer: bolt11Json,
  errors: ['invoice-not-payable', 'service-unavailable'],
  handler: async ({ resource }, deps) => toBolt11Json(await payableBolt11(deps, resource)),
});
