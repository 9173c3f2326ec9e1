import { api } from '@caravel/api-contract';
import { defineOwnedRoute } from '../http/define-route.js';
import { toInvoiceJson } from '../json/invoice-json.js';
import { invoiceOfPath } from './owned.js';

export const getInvoice = defineOwnedRoute(api.getInvoice, {
  load: invoiceOfPath,
  handler: ({ resource }) => Promise.resolve(toInvoiceJson(resource)),
});
