import { z } from 'zod';
import { defineOwnedRoute } from '../http/define-route.js';
import { pageQuery } from '../http/page-query.js';
import { invoiceItemJson, toInvoiceItemJson } from '../json/invoice-item-json.js';
import { tenantOfPath } from './owned.js';

export const listDraftItems = defineOwnedRoute({
  method: 'GET',
  path: '/tenants/:pubkey/invoices/draft/items',
  policy: 'adminOrTenant',
  summary: 'Charges and credits that are not invoiced yet, oldest first',
  load: tenantOfPath,
  query: pageQuery,
  answer: z.array(invoiceItemJson),
  handler: async ({ resource, query, nextPage }, { invoices }) => {
    const { rows, nextCursor } = await invoices.unbilledItems(resource.pubkey, query);
    nextPage(nextCursor);
    return rows.map(toInvoiceItemJson);
  },
});
