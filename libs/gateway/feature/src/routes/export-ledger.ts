import { api } from '@caravel/api-contract';
import { csvDocument } from '../csv/csv-document.js';
import { LEDGER_COLUMNS } from '../csv/ledger-columns.js';
import { defineRoute } from '../http/define-route.js';

export const exportLedger = defineRoute(api.exportLedger, {
  handler: (_, { exports }) =>
    Promise.resolve(csvDocument('ledger.csv', { pages: exports.ledger(), columns: LEDGER_COLUMNS })),
});
