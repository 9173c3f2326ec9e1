import { cents, unixSeconds } from '@caravel/domain';
import type { Bolt11Offer, Cents, Id, Invoice, InvoiceItem, Pubkey } from '@caravel/domain';
import type { Db } from './database.js';
import type { Prisma } from './generated/client.js';
import { toBolt11, toInvoice, toItem } from './invoice-rows.js';
import { decodeCursor, encodeCursor, pageOf } from './page.js';
import type { Page, PageRequest } from './page.js';

/** The items that are not billed yet, in sum, and the bounds shown with them. */
export interface Draft {
  amountCents: Cents;
  /** Of the running period, without an anchor of the last one; null before the first. */
  periodStartS: number | null;
  periodEndS: number | null;
}

export type InvoiceStore = ReturnType<typeof invoiceStore>;

/** Reads of invoices, items and offers. Billing writes them; nothing secret is in these rows. */
export function invoiceStore(db: Db) {
  return {
    find: async (id: Id): Promise<Invoice | null> => {
      const row = await db.invoice.findUnique({ where: { id } });
      return row && toInvoice(row);
    },

    /** Open ones first, then newest first. */
    listOfTenant: (tenantPubkey: Pubkey, page: PageRequest) => listOfTenant(db, tenantPubkey, page),

    /** Oldest first. */
    items: (invoiceId: Id, page: PageRequest) => listItems(db, { invoiceId }, page),
    unbilledItems: (tenantPubkey: Pubkey, page: PageRequest) => listItems(db, { tenantPubkey, ...unbilled }, page),

    draft: async (tenantPubkey: Pubkey): Promise<Draft> => {
      const sum = await db.invoiceItem.aggregate({ where: { tenantPubkey, ...unbilled }, _sum: { amountCents: true } });
      const billing = await db.tenantBilling.findUnique({
        where: { tenantPubkey },
        select: { periodStart: true, periodEnd: true },
      });
      return {
        amountCents: cents(sum._sum.amountCents ?? 0),
        periodStartS: billing?.periodStart ? unixSeconds(billing.periodStart) : null,
        periodEndS: billing?.periodEnd ? unixSeconds(billing.periodEnd) : null,
      };
    },

    bolt11: async (offerId: Id): Promise<Bolt11Offer | null> => {
      const row = await db.offer.findFirst({ where: { id: offerId, kind: 'bolt11' } });
      return row && toBolt11(row);
    },
  };
}

const unbilled = { invoiceId: null, voidedAt: null };
const isOpen = { paidAt: null, voidedAt: null };

async function listOfTenant(db: Db, tenantPubkey: Pubkey, { limit, cursor }: PageRequest): Promise<Page<Invoice>> {
  const after = cursor === undefined ? undefined : decodeCursor(cursor);
  const read = (where: Prisma.InvoiceWhereInput, take: number, part: string) =>
    db.invoice.findMany({
      where: { tenantPubkey, ...where, ...(after?.part === part && olderThan(after)) },
      orderBy: [{ createdAt: 'desc' }, { id: 'asc' }],
      take,
    });
  const open = after?.part === 'ended' ? [] : await read(isOpen, limit + 1, 'open');
  const ended = open.length > limit ? [] : await read({ NOT: isOpen }, limit + 1 - open.length, 'ended');
  return pageOf([...open, ...ended], {
    limit,
    cursorOf: ({ id, createdAt, paidAt, voidedAt }) =>
      encodeCursor({ position: createdAt.getTime(), key: id, part: (paidAt ?? voidedAt) ? 'ended' : 'open' }),
    map: toInvoice,
  });
}

function olderThan({ position, key }: { position: number; key: string }): Prisma.InvoiceWhereInput {
  const createdAt = new Date(position);
  return { AND: { createdAt: { lte: createdAt }, OR: [{ createdAt: { lt: createdAt } }, { id: { gt: key } }] } };
}

async function listItems(
  db: Db,
  where: Prisma.InvoiceItemWhereInput,
  { limit, cursor }: PageRequest,
): Promise<Page<InvoiceItem>> {
  const after = cursor === undefined ? undefined : decodeCursor(cursor);
  const createdAt = after && new Date(after.position);
  const rows = await db.invoiceItem.findMany({
    where: {
      ...where,
      ...(after &&
        createdAt && {
          createdAt: { gte: createdAt },
          OR: [{ createdAt: { gt: createdAt } }, { id: { gt: after.key } }],
        }),
    },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    take: limit + 1,
  });
  return pageOf(rows, {
    limit,
    cursorOf: (row) => encodeCursor({ position: row.createdAt.getTime(), key: row.id }),
    map: toItem,
  });
}
