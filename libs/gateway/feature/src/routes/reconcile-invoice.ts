import { api } from '@caravel/api-contract';
import { defineOwnedRoute } from '../http/define-route.js';
import { toInvoiceJson } from '../json/invoice-json.js';
import { invoiceOfPath } from './owned.js';

export const reconcileInvoice = defineOwnedRoute(api.reconcileInvoice, {
  load: invoiceOfPath,
  handler: async ({ resource }, { reconciler, invoices }) => {
    await reconciler.invoice(resource);
    return toInvoiceJson((await invoices.find(resource.id)) ?? resource);
  },
});
