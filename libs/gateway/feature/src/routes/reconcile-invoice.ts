import { defineOwnedRoute } from '../http/define-route.js';
import { invoiceJson, toInvoiceJson } from '../json/invoice-json.js';
import { invoiceOfPath } from './owned.js';

export const reconcileInvoice = defineOwnedRoute({
  method: 'POST',
  path: '/invoices/:id/reconcile',
  policy: 'adminOrTenant',
  summary: 'Asks whether the invoice was paid, then answers it; as it is stored when billing is away',
  load: invoiceOfPath,
  answer: invoiceJson,
  handler: async ({ resource }, { reconciler, invoices }) => {
    await reconciler.invoice(resource);
    return toInvoiceJson((await invoices.find(resource.id)) ?? resource);
  },
});
