import { z } from 'zod';
import { csvDocument } from '../csv/csv-document.js';
import { INVOICE_COLUMNS } from '../csv/invoice-columns.js';
import { defineOwnedRoute } from '../http/define-route.js';
import { TextDocument } from '../http/text-document.js';
import { tenantOfPath } from './owned.js';

export const exportTenantInvoices = defineOwnedRoute({
  method: 'GET',
  path: '/tenants/:pubkey/invoices.csv',
  policy: 'adminOrTenant',
  summary: "A tenant's invoices as CSV, oldest first",
  load: tenantOfPath,
  answer: z.instanceof(TextDocument),
  handler: ({ resource }, { exports }) => {
    const pages = exports.invoicesOfTenant(resource.pubkey);
    return Promise.resolve(csvDocument('invoices.csv', { pages, columns: INVOICE_COLUMNS }));
  },
});
