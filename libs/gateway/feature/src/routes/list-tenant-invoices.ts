import { z } from 'zod';
import { defineOwnedRoute } from '../http/define-route.js';
import { pageQuery } from '../http/page-query.js';
import { invoiceJson, toInvoiceJson } from '../json/invoice-json.js';
import { tenantOfPath } from './owned.js';

export const listTenantInvoices = defineOwnedRoute({
  method: 'GET',
  path: '/tenants/:pubkey/invoices',
  policy: 'adminOrTenant',
  summary: "A tenant's invoices, open ones first, then newest first",
  load: tenantOfPath,
  query: pageQuery,
  answer: z.array(invoiceJson),
  handler: async ({ resource, query, nextPage }, { invoices }) => {
    const { rows, nextCursor } = await invoices.listOfTenant(resource.pubkey, query);
    nextPage(nextCursor);
    return rows.map(toInvoiceJson);
  },
});
