import { api } from '@caravel/api-contract';
import { csvDocument } from '../csv/csv-document.js';
import { INVOICE_COLUMNS } from '../csv/invoice-columns.js';
import { defineOwnedRoute } from '../http/define-route.js';
import { tenantOfPath } from './owned.js';

export const exportTenantInvoices = defineOwnedRoute(api.exportTenantInvoices, {
  load: tenantOfPath,
  handler: ({ resource }, { exports }) => {
    const pages = exports.invoicesOfTenant(resource.pubkey);
    return Promise.resolve(csvDocument('invoices.csv', { pages, columns: INVOICE_COLUMNS }));
  },
});
