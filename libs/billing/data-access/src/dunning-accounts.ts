import type { DunningAccount } from '@caravel/billing-domain';
import { idSchema, pubkeySchema } from '@caravel/domain';
import type { Id, Pubkey } from '@caravel/domain';
import { Prisma } from '@caravel/platform-data-access';
import type { Sql } from '@caravel/platform-data-access';
import { isOpen } from './collection-due.js';

/** The message that must have been sent before anybody is paused. Its subject is `<invoice>:<n>`. */
export const NOTICE_TEMPLATE = 'paused-in-days';

/** What dunning looks at of a tenant, and the invoice its words are about. */
export interface DunnedAccount extends DunningAccount {
  tenantPubkey: Pubkey;
  oldest: (NonNullable<DunningAccount['oldest']> & { id: Id; amountCents: number }) | null;
}

/** What dunning looks at, read by key. */
export function dunningAccounts(db: Sql) {
  return {
    /** Without those that never had anything billed. */
    of: async (tenantPubkeys: readonly Pubkey[]): Promise<DunnedAccount[]> => {
      const which = Prisma.sql`billing.tenant_pubkey = ANY(${[...tenantPubkeys]}::text[])`;
      return (await db.$queryRaw<Row[]>(accountsOf(which))).map(toAccount);
    },

    /** Null for a tenant that never had anything billed. */
    find: async (tenantPubkey: Pubkey): Promise<DunnedAccount | null> => {
      const [row] = await db.$queryRaw<Row[]>(accountsOf(Prisma.sql`billing.tenant_pubkey = ${tenantPubkey}`));
      return row ? toAccount(row) : null;
    },
  };
}

/**
 * Notices belong to an issue date, not to a row: a recut has the date of what it replaces, and no two other invoices of a
 * tenant share one. Else stopping a relay for a second would take back the notice, and with it the pause.
 */
const accountsOf = (which: Prisma.Sql) => Prisma.sql`
  SELECT billing.tenant_pubkey, billing.churned_at, billing.short_grace,
    (SELECT count(*)::int FROM (
       SELECT FROM invoice WHERE invoice.tenant_pubkey = billing.tenant_pubkey AND ${isOpen} LIMIT 2) AS two) AS open_invoices,
    EXISTS (SELECT FROM invoice JOIN collection_attempt attempt ON attempt.invoice_id = invoice.id
            WHERE invoice.tenant_pubkey = billing.tenant_pubkey
              AND attempt.state IN ('created', 'dispatched', 'unknown')) AS unresolved,
    oldest.id, oldest.issued_at, oldest.amount_cents, notice.last AS last_notice, notice.warned_at
  FROM tenant_billing billing
  LEFT JOIN LATERAL (
    SELECT id, issued_at, amount_cents FROM invoice
    WHERE invoice.tenant_pubkey = billing.tenant_pubkey AND ${isOpen} AND tries > 0 ORDER BY issued_at LIMIT 1
  ) AS oldest ON true
  LEFT JOIN LATERAL (
    SELECT min(split_part(message.subject, ':', 2)::int) AS last,
           min(coalesce(message.sent_at, message.undeliverable_at)) AS warned_at
    FROM message JOIN invoice told ON told.id = split_part(message.subject, ':', 1)
    WHERE message.tenant_pubkey = billing.tenant_pubkey AND message.template = ${NOTICE_TEMPLATE}
      AND message.cancelled_at IS NULL AND told.tenant_pubkey = billing.tenant_pubkey
      AND told.issued_at = oldest.issued_at
  ) AS notice ON true
  WHERE ${which}`;

function toAccount(row: Row): DunnedAccount {
  const { id, issued_at: issuedAt, amount_cents: amountCents } = row;
  const notices = { lastNotice: row.last_notice, warnedAt: row.warned_at };
  return {
    tenantPubkey: pubkeySchema.parse(row.tenant_pubkey),
    shortGrace: row.short_grace,
    churnedAt: row.churned_at,
    owes: row.open_invoices > 0,
    several: row.open_invoices > 1,
    unresolved: row.unresolved,
    oldest:
      id === null || issuedAt === null || amountCents === null
        ? null
        : { id: idSchema.parse(id), issuedAt, amountCents, ...notices },
  };
}

interface Row {
  tenant_pubkey: string;
  churned_at: Date | null;
  short_grace: boolean;
  open_invoices: number;
  unresolved: boolean;
  id: string | null;
  issued_at: Date | null;
  amount_cents: number | null;
  last_notice: number | null;
  warned_at: Date | null;
}
