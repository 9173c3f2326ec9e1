import { z } from 'zod';
import { defineOwnedRoute } from '../http/define-route.js';
import { pageQuery } from '../http/page-query.js';
import { invoiceItemJson, toInvoiceItemJson } from '../json/invoice-item-json.js';
import { invoiceOfPath } from './owned.js';

export const listInvoiceItems = defineOwnedRoute({
  method: 'GET',
  path: '/invoices/:id/items',
  policy: 'adminOrTenant',
  summary: "An invoice's charges and credits, oldest first",
  load: invoiceOfPath,
  query: pageQuery,
  answer: z.array(invoiceItemJson),
  handler: async ({ resource, query, nextPage }, { invoices }) => {
    const { rows, nextCursor } = await invoices.items(resource.id, query);
    nextPage(nextCursor);
    return rows.map(toInvoiceItemJson);
  },
});
