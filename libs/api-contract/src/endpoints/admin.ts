import { z } from 'zod';
import { endpoint } from '../endpoint.js';
import { adjustmentBody, clearGraceBody, refundBody, revenueQuery, voidBody } from '../shapes/admin-fields.js';
import { doneJson } from '../shapes/done-json.js';
import { invoiceJson } from '../shapes/invoice-json.js';
import { refundJson } from '../shapes/refund-json.js';
import { revenueJson } from '../shapes/revenue-json.js';

export const adminEndpoints = {
  voidInvoice: endpoint({
    method: 'POST',
    path: '/invoices/:id/void',
    policy: 'admin',
    summary: 'Ends an open invoice: forgive voids its items too, recut has them come with the next invoice',
    body: voidBody,
    answer: invoiceJson,
    errors: ['invoice-not-payable'],
    idempotency: 'stored',
  }),
  adjustTenant: endpoint({
    method: 'POST',
    path: '/tenants/:pubkey/adjustments',
    policy: 'admin',
    summary:
      'A credit note (negative cents) or an extra charge (positive), on the next invoice; credit meets open invoices',
    body: adjustmentBody,
    answer: doneJson,
    idempotency: 'stored',
  }),
  refundTenant: endpoint({
    method: 'POST',
    path: '/tenants/:pubkey/refunds',
    policy: 'admin',
    summary: 'Gives credit back to the cards it came from, the newest payment first',
    body: refundBody,
    answer: refundJson,
    errors: ['invoice-not-payable'],
    idempotency: 'stored',
  }),
  clearGrace: endpoint({
    method: 'POST',
    path: '/tenants/:pubkey/clear-grace',
    policy: 'admin',
    summary: 'Gives a tenant that was written off the full time to pay again, instead of one day',
    body: clearGraceBody,
    answer: doneJson,
    idempotency: 'stored',
  }),
  getRevenue: endpoint({
    method: 'GET',
    path: '/revenue',
    policy: 'admin',
    summary: 'What was collected from `from` on and before `to` (the last 30 days), and what is open now',
    query: revenueQuery,
    answer: revenueJson,
  }),
  exportInvoices: endpoint({
    method: 'GET',
    path: '/invoices.csv',
    policy: 'admin',
    summary: 'All invoices as CSV, oldest first',
    answer: z.string(),
    answerType: 'text/csv',
  }),
  exportLedger: endpoint({
    method: 'GET',
    path: '/ledger.csv',
    policy: 'admin',
    summary: 'The whole ledger as CSV, oldest first',
    answer: z.string(),
    answerType: 'text/csv',
  }),
};
