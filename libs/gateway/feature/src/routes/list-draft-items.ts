import { api } from '@caravel/api-contract';
import { defineOwnedRoute } from '../http/define-route.js';
import { toInvoiceItemJson } from '../json/invoice-item-json.js';
import { tenantOfPath } from './owned.js';

export const listDraftItems = defineOwnedRoute(api.listDraftItems, {
  load: tenantOfPath,
  handler: async ({ resource, query, nextPage }, { invoices }) => {
    const { rows, nextCursor } = await invoices.unbilledItems(resource.pubkey, query);
    nextPage(nextCursor);
    return rows.map(toInvoiceItemJson);
  },
});
