import { z } from 'zod';
import { endpoint } from '../endpoint.js';
import { bolt11Json } from '../shapes/bolt11-json.js';
import { invoiceItemJson } from '../shapes/invoice-item-json.js';
import { draftJson, invoiceJson } from '../shapes/invoice-json.js';
import { pageQuery } from '../shapes/page-query.js';
import { pageUrlJson } from '../shapes/page-url-json.js';
import { returnUrlQuery } from '../shapes/return-url-query.js';

const bolt11 = {
  path: '/invoices/:id/bolt11',
  policy: 'adminOrTenant',
  summary: 'A Lightning invoice that pays this one; made when there is none that is good for a while',
  answer: bolt11Json,
  errors: ['invoice-not-payable'],
} as const;

export const invoiceEndpoints = {
  listTenantInvoices: endpoint({
    method: 'GET',
    path: '/tenants/:pubkey/invoices',
    policy: 'adminOrTenant',
    summary: "A tenant's invoices, open ones first, then newest first",
    query: pageQuery,
    answer: z.array(invoiceJson),
  }),
  getDraft: endpoint({
    method: 'GET',
    path: '/tenants/:pubkey/invoices/draft',
    policy: 'adminOrTenant',
    summary: 'What is not invoiced yet, as if it were an invoice; null when nothing is due',
    answer: draftJson.nullable(),
  }),
  listDraftItems: endpoint({
    method: 'GET',
    path: '/tenants/:pubkey/invoices/draft/items',
    policy: 'adminOrTenant',
    summary: 'Charges and credits that are not invoiced yet, oldest first',
    query: pageQuery,
    answer: z.array(invoiceItemJson),
  }),
  getInvoice: endpoint({
    method: 'GET',
    path: '/invoices/:id',
    policy: 'adminOrTenant',
    summary: 'An invoice',
    answer: invoiceJson,
  }),
  listInvoiceItems: endpoint({
    method: 'GET',
    path: '/invoices/:id/items',
    policy: 'adminOrTenant',
    summary: "An invoice's charges and credits, oldest first",
    query: pageQuery,
    answer: z.array(invoiceItemJson),
  }),
  getBolt11: endpoint({ method: 'GET', ...bolt11 }),
  ensureBolt11: endpoint({ method: 'POST', ...bolt11 }),
  reconcileInvoice: endpoint({
    method: 'POST',
    path: '/invoices/:id/reconcile',
    policy: 'adminOrTenant',
    summary: 'Asks whether the invoice was paid, then answers it; as it is stored when billing is away',
    answer: invoiceJson,
  }),
  createCheckout: endpoint({
    method: 'POST',
    path: '/invoices/:id/checkout',
    policy: 'adminOrTenant',
    summary: 'A page of Stripe’s on which this invoice is paid by card, open for half an hour',
    query: returnUrlQuery,
    answer: pageUrlJson,
    errors: ['invoice-not-payable', 'stripe-customer-create-failed'],
    idempotency: 'secret',
  }),
  getInvoicePage: endpoint({
    method: 'GET',
    path: '/invoices/:id/page',
    policy: 'adminOrTenant',
    summary: 'An invoice as a page to print; Content-Location is its link for everybody who is given it',
    answer: z.string(),
    answerType: 'text/html',
  }),
  getPublicInvoice: endpoint({
    method: 'GET',
    path: '/i/:token',
    policy: 'public',
    summary: 'An invoice as a page to print, for whoever has its link',
    answer: z.string(),
    answerType: 'text/html',
    errors: ['not-found'],
  }),
  exportTenantInvoices: endpoint({
    method: 'GET',
    path: '/tenants/:pubkey/invoices.csv',
    policy: 'adminOrTenant',
    summary: "A tenant's invoices as CSV, oldest first",
    answer: z.string(),
    answerType: 'text/csv',
  }),
};
