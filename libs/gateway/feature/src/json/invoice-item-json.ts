import type { invoiceItemJson } from '@caravel/api-contract';
import type { InvoiceItem } from '@caravel/domain';
import type { z } from 'zod';

export function toInvoiceItemJson(item: InvoiceItem): z.output<typeof invoiceItemJson> {
  return {
    id: item.id,
    invoice_id: item.invoiceId,
    activity_id: item.activityId,
    tenant_pubkey: item.tenantPubkey,
    relay_id: item.relayId,
    plan_id: item.planId,
    amount: item.amountCents,
    description: item.description,
    created_at: item.createdAtS,
    voided_at: item.voidedAtS,
  };
}
