import { centsSchema, idSchema, msatsSchema, pubkeySchema, unixSeconds } from '@caravel/domain';
import type { Bolt11Offer, Invoice, InvoiceItem, PaymentMethod } from '@caravel/domain';
import { z } from 'zod';
import type { Prisma } from './generated/client.js';

const methodSchema: z.ZodType<PaymentMethod> = z.enum(['nwc', 'stripe', 'oob']);

const secondsOrNull = (date: Date | null) => (date ? unixSeconds(date) : null);
const idOrNull = (id: string | null) => (id === null ? null : idSchema.parse(id));

export function toInvoice(row: Prisma.InvoiceGetPayload<object>): Invoice {
  return {
    id: idSchema.parse(row.id),
    tenantPubkey: pubkeySchema.parse(row.tenantPubkey),
    amountCents: centsSchema.parse(row.amountCents),
    periodStartS: unixSeconds(row.periodStart),
    periodEndS: unixSeconds(row.periodEnd),
    createdAtS: unixSeconds(row.createdAt),
    paidAtS: secondsOrNull(row.paidAt),
    voidedAtS: secondsOrNull(row.voidedAt),
    method: row.method === null ? null : methodSchema.parse(row.method),
  };
}

export function toItem(row: Prisma.InvoiceItemGetPayload<object>): InvoiceItem {
  return {
    id: idSchema.parse(row.id),
    invoiceId: idOrNull(row.invoiceId),
    activityId: idOrNull(row.activityId),
    tenantPubkey: pubkeySchema.parse(row.tenantPubkey),
    relayId: idOrNull(row.relayId),
    planId: row.planId,
    amountCents: centsSchema.parse(row.amountCents),
    description: row.description,
    createdAtS: unixSeconds(row.createdAt),
    voidedAtS: secondsOrNull(row.voidedAt),
  };
}

export function toBolt11(row: Prisma.OfferGetPayload<object>): Bolt11Offer {
  return {
    id: idSchema.parse(row.id),
    invoiceId: idSchema.parse(row.invoiceId),
    lnbc: row.lnbc ?? '',
    msats: msatsSchema.parse(row.msats),
    createdAtS: unixSeconds(row.createdAt),
    expiresAtS: unixSeconds(row.expiresAt),
    settledAtS: secondsOrNull(row.settledAt),
  };
}
