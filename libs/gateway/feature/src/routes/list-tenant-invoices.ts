import { api } from '@caravel/api-contract';
import { defineOwnedRoute } from '../http/define-route.js';
import { toInvoiceJson } from '../json/invoice-json.js';
import { tenantOfPath } from './owned.js';

export const listTenantInvoices = defineOwnedRoute(api.listTenantInvoices, {
  load: tenantOfPath,
  handler: async ({ resource, query, nextPage }, { invoices }) => {
    const { rows, nextCursor } = await invoices.listOfTenant(resource.pubkey, query);
    nextPage(nextCursor);
    return rows.map(toInvoiceJson);
  },
});
