import { z } from 'zod';
import { csvDocument } from '../csv/csv-document.js';
import { INVOICE_COLUMNS } from '../csv/invoice-columns.js';
import { defineRoute } from '../http/define-route.js';
import { TextDocument } from '../http/text-document.js';

export const exportInvoices = defineRoute({
  method: 'GET',
  path: '/invoices.csv',
  policy: 'admin',
  summary: 'All invoices as CSV, oldest first',
  answer: z.instanceof(TextDocument),
  handler: (_, { exports }) =>
    Promise.resolve(csvDocument('invoices.csv', { pages: exports.invoices(), columns: INVOICE_COLUMNS })),
});
