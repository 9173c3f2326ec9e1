import { centsSchema, idSchema, msatsSchema, pubkeySchema, unixSeconds } from '@caravel/domain';
import type { Bolt11Offer, Id, Invoice, InvoiceItem, PaymentMethod, Pubkey } from '@caravel/domain';
import { z } from 'zod';
import type { Db } from './database.js';
import type { Prisma } from './generated/client.js';

const methodSchema: z.ZodType<PaymentMethod> = z.enum(['nwc', 'stripe', 'oob']);

export type InvoiceStore = ReturnType<typeof invoiceStore>;

/** Reads of invoices, items and offers. Billing writes them; nothing secret is in these rows. */
export function invoiceStore(db: Db) {
  return {
    find: async (id: Id): Promise<Invoice | null> => {
      const row = await db.invoice.findUnique({ where: { id } });
      return row && toInvoice(row);
    },

    /** Open ones first, then newest first. */
    listOfTenant: async (tenantPubkey: Pubkey, { limit }: { limit: number }): Promise<Invoice[]> => {
      const newestFirst = {
        orderBy: [{ createdAt: 'desc' }, { id: 'asc' }],
        take: limit,
      } satisfies Prisma.InvoiceFindManyArgs;
      const isOpen = { paidAt: null, voidedAt: null };
      const open = await db.invoice.findMany({ where: { tenantPubkey, ...isOpen }, ...newestFirst });
      const ended = await db.invoice.findMany({ where: { tenantPubkey, NOT: isOpen }, ...newestFirst });
      return [...open, ...ended].slice(0, limit).map(toInvoice);
    },

    items: async (invoiceId: Id): Promise<InvoiceItem[]> => {
      const rows = await db.invoiceItem.findMany({ where: { invoiceId }, orderBy: itemOrder });
      return rows.map(toItem);
    },

    /** The items of the draft, and the bounds it shows: of the running period, without an anchor of the last one. */
    unbilled: async (
      tenantPubkey: Pubkey,
    ): Promise<{ items: InvoiceItem[]; periodStartS: number; periodEndS: number }> => {
      const rows = await db.invoiceItem.findMany({
        where: { tenantPubkey, invoiceId: null, voidedAt: null },
        orderBy: itemOrder,
      });
      const billing = await db.tenantBilling.findUnique({ where: { tenantPubkey } });
      return {
        items: rows.map(toItem),
        periodStartS: billing?.periodStart ? unixSeconds(billing.periodStart) : 0,
        periodEndS: billing?.periodEnd ? unixSeconds(billing.periodEnd) : 0,
      };
    },

    bolt11: async (offerId: Id): Promise<Bolt11Offer | null> => {
      const row = await db.offer.findFirst({ where: { id: offerId, kind: 'bolt11' } });
      return row && toBolt11(row);
    },
  };
}

const itemOrder = [{ createdAt: 'asc' }, { id: 'asc' }] satisfies Prisma.InvoiceItemOrderByWithRelationInput[];
const secondsOrNull = (date: Date | null) => (date ? unixSeconds(date) : null);
const idOrNull = (id: string | null) => (id === null ? null : idSchema.parse(id));

function toInvoice(row: Prisma.InvoiceGetPayload<object>): Invoice {
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

function toItem(row: Prisma.InvoiceItemGetPayload<object>): InvoiceItem {
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

function toBolt11(row: Prisma.OfferGetPayload<object>): Bolt11Offer {
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
