import { api } from '@caravel/api-contract';
import { csvDocument } from '../csv/csv-document.js';
import { INVOICE_COLUMNS } from '../csv/invoice-columns.js';
import { defineRoute } from '../http/define-route.js';

export const exportInvoices = defineRoute(api.exportInvoices, {
  handler: (_, { exports }) =>
    Promise.resolve(csvDocument('invoices.csv', { pages: exports.invoices(), columns: INVOICE_COLUMNS })),
});
