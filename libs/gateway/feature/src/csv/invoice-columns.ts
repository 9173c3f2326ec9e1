import type { ExportedInvoice } from '../money-ports.js';
import type { CsvCell } from './csv-row.js';

/** Columns of exported invoices. Released names and their order stay; new ones go last. `page` is the path of the printed page. */
export const INVOICE_COLUMNS = {
  number: ({ number }) => number,
  id: ({ id }) => id,
  tenant_pubkey: ({ tenantPubkey }) => tenantPubkey,
  kind: ({ kind }) => kind,
  amount_cents: ({ amountCents }) => amountCents,
  currency: () => 'USD',
  status: ({ paidAt, voidedAt }) => (paidAt ? 'paid' : voidedAt ? 'void' : 'open'),
  issued_at: ({ issuedAt }) => issuedAt,
  period_start: ({ periodStart }) => periodStart,
  period_end: ({ periodEnd }) => periodEnd,
  paid_at: ({ paidAt }) => paidAt,
  method: ({ method }) => method,
  voided_at: ({ voidedAt }) => voidedAt,
  void_reason: ({ voidReason }) => voidReason,
  void_note: ({ voidNote }) => voidNote,
  page: ({ publicToken }) => `/i/${publicToken}`,
} satisfies Record<string, (invoice: ExportedInvoice) => CsvCell>;
