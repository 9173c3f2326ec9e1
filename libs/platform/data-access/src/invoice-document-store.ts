import { cents, idSchema, unixSeconds } from '@caravel/domain';
import type { Cents, Id, Invoice } from '@caravel/domain';
import type { Db } from './database.js';
import { toInvoice } from './invoice-rows.js';

/** An invoice with everything its printed page says. */
export interface InvoiceDocument {
  invoice: Invoice;
  /** Null in the instant between being cut and being numbered. */
  number: string | null;
  publicToken: string;
  issuedAtS: number;
  voidReason: 'recut' | 'forgive' | 'write_off' | null;
  lines: InvoiceLine[];
}

export interface InvoiceLine {
  amountCents: Cents;
  description: string;
  /** What the relay is called now; null for what belongs to no relay. */
  relay: { id: Id; name: string; host: string } | null;
}

export type InvoiceDocumentStore = ReturnType<typeof invoiceDocumentStore>;

/** Reads for the printed page. */
export function invoiceDocumentStore(db: Db) {
  return {
    byToken: (publicToken: string) => find(db, { publicToken }),
    byId: (id: Id) => find(db, { id }),
  };
}

async function find(db: Db, where: { id: Id } | { publicToken: string }): Promise<InvoiceDocument | null> {
  const row = await db.invoice.findUnique({ where });
  if (!row) return null;
  return {
    invoice: toInvoice(row),
    number: row.number,
    publicToken: row.publicToken,
    issuedAtS: unixSeconds(row.issuedAt),
    voidReason: voidReasonOf(row.voidReason),
    lines: await linesOf(db, row.id),
  };
}

async function linesOf(db: Db, invoiceId: string): Promise<InvoiceLine[]> {
  const rows = await db.$queryRaw<LineRow[]>`
    SELECT item.amount_cents, item.description, relay.id AS relay_id, relay.info_name, relay.subdomain, relay.zooid_domain
    FROM invoice_item item LEFT JOIN relay ON relay.id = item.relay_id
    WHERE item.invoice_id = ${invoiceId} ORDER BY item.created_at, item.id`;
  return rows.map(({ amount_cents, description, relay_id, info_name, subdomain, zooid_domain }) => ({
    amountCents: cents(amount_cents),
    description,
    relay:
      relay_id === null
        ? null
        : { id: idSchema.parse(relay_id), name: info_name ?? '', host: `${subdomain ?? ''}.${zooid_domain ?? ''}` },
  }));
}

function voidReasonOf(reason: string | null): InvoiceDocument['voidReason'] {
  return reason === 'recut' || reason === 'forgive' || reason === 'write_off' ? reason : null;
}

interface LineRow {
  amount_cents: number;
  description: string;
  relay_id: string | null;
  info_name: string | null;
  subdomain: string | null;
  zooid_domain: string | null;
}
