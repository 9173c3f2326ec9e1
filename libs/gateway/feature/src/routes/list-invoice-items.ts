import { api } from '@caravel/api-contract';
import { defineOwnedRoute } from '../http/define-route.js';
import { toInvoiceItemJson } from '../json/invoice-item-json.js';
import { invoiceOfPath } from './owned.js';

export const listInvoiceItems = defineOwnedRoute(api.listInvoiceItems, {
  load: invoiceOfPath,
  handler: async ({ resource, query, nextPage }, { invoices }) => {
    const { rows, nextCursor } = await invoices.items(resource.id, query);
    nextPage(nextCursor);
    return rows.map(toInvoiceItemJson);
  },
});
