import type { draftJson, invoiceJson } from '@caravel/api-contract';
import type { Cents, Invoice, Pubkey } from '@caravel/domain';
import type { z } from 'zod';

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
