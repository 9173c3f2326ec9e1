import type { Pubkey } from '@caravel/domain';
import type { Db } from './database.js';
import { Prisma } from './generated/client.js';

/** An invoice as it is exported. */
export interface ExportedInvoice {
  id: string;
  number: string | null;
  publicToken: string;
  tenantPubkey: string;
  kind: string;
  amountCents: number;
  issuedAt: Date;
  periodStart: Date;
  periodEnd: Date;
  paidAt: Date | null;
  method: string | null;
  voidedAt: Date | null;
  voidReason: string | null;
  voidNote: string | null;
}

/** One side of a movement: debits positive, credits negative. */
export interface ExportedEntry {
  id: bigint;
  at: Date;
  source: string;
  tenantPubkey: string;
  account: string;
  amountCents: number;
}

const PAGE = 1000;

export type ExportStore = ReturnType<typeof exportStore>;

/**
 * Whole tables, in the order they were written, a page at a time: what is read is let go of before the next page, so an
 * export of any size takes the same memory. No snapshot: a row written meanwhile may or may not be in it.
 */
export function exportStore(db: Db, { pageSize = PAGE }: { pageSize?: number } = {}) {
  return {
    invoices: () => pages((after: ExportedInvoice | null) => invoicePage(db, { after, pageSize })),
    invoicesOfTenant: (tenantPubkey: Pubkey) =>
      pages((after: ExportedInvoice | null) => tenantPage(db, { tenantPubkey, after, pageSize })),
    ledger: () => pages((after: ExportedEntry | null) => ledgerPage(db, { after, pageSize })),
  };
}

async function* pages<Row>(read: (after: Row | null) => Promise<Row[]>): AsyncGenerator<Row[]> {
  for (let after: Row | null = null; ;) {
    const rows: Row[] = await read(after);
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows;
    after = last;
  }
}

interface Place<Row> {
  after: Row | null;
  pageSize: number;
}

const INVOICE = Prisma.sql`
  id, number, public_token AS "publicToken", tenant_pubkey AS "tenantPubkey", kind, amount_cents AS "amountCents",
  issued_at AS "issuedAt", period_start AS "periodStart", period_end AS "periodEnd", paid_at AS "paidAt", method,
  voided_at AS "voidedAt", void_reason AS "voidReason", void_note AS "voidNote"`;

// Ids are UUIDv7: their order is that of writing, to the millisecond, and the primary key has it.
const invoicePage = (db: Db, { after, pageSize }: Place<ExportedInvoice>) => db.$queryRaw<ExportedInvoice[]>`
  SELECT ${INVOICE} FROM invoice WHERE id > ${after?.id ?? ''} ORDER BY id LIMIT ${pageSize}`;

const tenantPage = (
  db: Db,
  { tenantPubkey, after, pageSize }: Place<ExportedInvoice> & { tenantPubkey: Pubkey },
) => db.$queryRaw<ExportedInvoice[]>`
  SELECT ${INVOICE} FROM invoice WHERE tenant_pubkey = ${tenantPubkey} AND id > ${after?.id ?? ''}
  ORDER BY tenant_pubkey, id LIMIT ${pageSize}`;

const ledgerPage = (db: Db, { after, pageSize }: Place<ExportedEntry>) => db.$queryRaw<ExportedEntry[]>`
  SELECT id, at, source, tenant_pubkey AS "tenantPubkey", account, amount_cents AS "amountCents"
  FROM ledger_entry WHERE id > ${after?.id ?? 0n} ORDER BY id LIMIT ${pageSize}`;
