import { defineOwnedRoute } from '../http/define-route.js';
import { invoiceJson, toInvoiceJson } from '../json/invoice-json.js';
import { invoiceOfPath } from './owned.js';

export const getInvoice = defineOwnedRoute({
  method: 'GET',
  path: '/invoices/:id',
  policy: 'adminOrTenant',
  summary: 'An invoice',
  load: invoiceOfPath,
  answer: invoiceJson,
  handler: ({ resource }) => Promise.resolve(toInvoiceJson(resource)),
});
