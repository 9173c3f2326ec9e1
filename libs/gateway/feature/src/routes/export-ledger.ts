import { z } from 'zod';
import { csvDocument } from '../csv/csv-document.js';
import { LEDGER_COLUMNS } from '../csv/ledger-columns.js';
import { defineRoute } from '../http/define-route.js';
import { TextDocument } from '../http/text-document.js';

export const exportLedger = defineRoute({
  method: 'GET',
  path: '/ledger.csv',
  policy: 'admin',
  summary: 'The whole ledger as CSV, oldest first',
  answer: z.instanceof(TextDocument),
  handler: (_, { exports }) =>
    Promise.resolve(csvDocument('ledger.csv', { pages: exports.ledger(), columns: LEDGER_COLUMNS })),
});
