import { centsSchema, idSchema, pubkeySchema } from '@caravel/domain';
import type { Cents, Invoice, Pubkey } from '@caravel/domain';
import { z } from 'zod';
import { timeJson } from './scalars.js';

/** An invoice; `amount` is cents. Open while neither paid nor voided. */
export const invoiceJson = z.object({
  id: idSchema,
  tenant_pubkey: pubkeySchema,
  amount: centsSchema,
  period_start: timeJson,
  period_end: timeJson,
  created_at: timeJson,
  paid_at: timeJson.nullable(),
  voided_at: timeJson.nullable(),
  method: z.enum(['nwc', 'stripe', 'oob']).nullable(),
});

/** What would be invoiced now: all fields of an invoice, but it is not stored. */
export const draftJson = z.object({
  ...invoiceJson.shape,
  id: z.literal('draft'),
  period_start: timeJson.nullable(),
  period_end: timeJson.nullable(),
  paid_at: z.null(),
  voided_at: z.null(),
  method: z.null(),
});

export function toInvoiceJson(invoice: Invoice): z.output<typeof invoiceJson> {
  return {
    id: invoice.id,
    tenant_pubkey: invoice.tenantPubkey,
    amount: invoice.amountCents,
    period_start: invoice.periodStartS,
    period_end: invoice.periodEndS,
    created_at: invoice.createdAtS,
    paid_at: invoice.paidAtS,
    voided_at: invoice.voidedAtS,
    method: invoice.method,
  };
}

/** Null when nothing is due: no items, or credits that outweigh them. */
export function toDraftJson(draft: {
  tenantPubkey: Pubkey;
  amountCents: Cents;
  periodStartS: number | null;
  periodEndS: number | null;
  nowS: number;
}): z.output<typeof draftJson> | null {
  if (draft.amountCents <= 0) return null;
  return {
    id: 'draft',
    tenant_pubkey: draft.tenantPubkey,
    amount: draft.amountCents,
    period_start: draft.periodStartS,
    period_end: draft.periodEndS,
    created_at: draft.nowS,
    paid_at: null,
    voided_at: null,
    method: null,
  };
}
