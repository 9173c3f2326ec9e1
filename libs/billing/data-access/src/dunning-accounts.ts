import { firstNoticeMs } from '@caravel/billing-domain';
import type { DunningAccount } from '@caravel/billing-domain';
import { idSchema, pubkeySchema } from '@caravel/domain';
import type { Clock, Id, Pubkey } from '@caravel/domain';
import { Prisma } from '@caravel/platform-data-access';
import type { Db } from '@caravel/platform-data-access';
import { isOpen } from './collection-due.js';

/** The message that must have been sent before anybody is paused. Its subject is `<invoice>:<n>`. */
export const NOTICE_TEMPLATE = 'paused-in-days';

/** What dunning looks at of a tenant, and the invoice its words are about. */
export interface DunnedAccount extends DunningAccount {
  tenantPubkey: Pubkey;
  oldest: (NonNullable<DunningAccount['oldest']> & { id: Id; amountCents: number }) | null;
}

/** One page of candidates; `next` is null on the last one. */
export interface DunningPage<Cursor> {
  accounts: DunnedAccount[];
  next: Cursor | null;
}

export interface OverdueCursor {
  issuedAt: Date;
  id: Id;
}

/** Reads for dunning: index scans over rows that may be due. What they say is looked at again under the tenant's lock. */
export function dunningAccounts(db: Db, { clock, graceDays }: { clock: Clock; graceDays: number }) {
  return {
    /** Tenants that had nothing of dunning yet and whose oldest open invoice is old enough for a notice; oldest first. */
    overdue: async ({ after, limit }: PageRequest<OverdueCursor>): Promise<DunningPage<OverdueCursor>> => {
      const cut = new Date(clock.now().getTime() - firstNoticeMs({ shortGrace: false }, graceDays));
      const { issuedAt, id } = after ?? { issuedAt: new Date(0), id: '' };
      const rows = await db.$queryRaw<Row[]>`
        WITH page AS MATERIALIZED (
          SELECT tenant_pubkey FROM invoice
          WHERE ${isOpen} AND tries > 0 AND issued_at <= ${cut} AND issued_at >= ${issuedAt}
            AND (issued_at, id) > (${issuedAt}, ${id})
            AND NOT EXISTS (SELECT FROM tenant_billing marked WHERE marked.tenant_pubkey = invoice.tenant_pubkey
                            AND (marked.churned_at IS NOT NULL OR marked.short_grace))
            AND NOT EXISTS (SELECT FROM invoice older WHERE older.tenant_pubkey = invoice.tenant_pubkey AND older.tries > 0
                            AND older.paid_at IS NULL AND older.voided_at IS NULL AND older.issued_at < invoice.issued_at)
          ORDER BY issued_at, id LIMIT ${limit})
        ${accountsOf(Prisma.sql`billing.tenant_pubkey IN (SELECT tenant_pubkey FROM page)`)}
        ORDER BY oldest.issued_at, oldest.id`;
      const accounts = rows.map(toAccount);
      const last = accounts.at(-1)?.oldest ?? null;
      return { accounts, next: rows.length < limit ? null : last };
    },

    /** Tenants that are churned, or have a short grace and an open invoice; in the order of their keys. */
    marked: async ({ after, limit }: PageRequest<Pubkey>): Promise<DunningPage<Pubkey>> => {
      const rows = await db.$queryRaw<Row[]>`
        WITH page AS MATERIALIZED (
          SELECT tenant_pubkey FROM tenant_billing WHERE (churned_at IS NOT NULL OR short_grace) AND tenant_pubkey > ${after ?? ''}
          ORDER BY tenant_pubkey LIMIT ${limit})
        ${accountsOf(Prisma.sql`billing.tenant_pubkey IN (SELECT tenant_pubkey FROM page)`)}
        ORDER BY billing.tenant_pubkey`;
      const accounts = rows.map(toAccount);
      return { accounts, next: rows.length < limit ? null : (accounts.at(-1)?.tenantPubkey ?? null) };
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
    EXISTS (SELECT FROM invoice WHERE invoice.tenant_pubkey = billing.tenant_pubkey AND ${isOpen}) AS owes,
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
    owes: row.owes,
    unresolved: row.unresolved,
    oldest:
      id === null || issuedAt === null || amountCents === null
        ? null
        : { id: idSchema.parse(id), issuedAt, amountCents, ...notices },
  };
}

interface PageRequest<Cursor> {
  after: Cursor | null;
  limit: number;
}

interface Row {
  tenant_pubkey: string;
  churned_at: Date | null;
  short_grace: boolean;
  owes: boolean;
  unresolved: boolean;
  id: string | null;
  issued_at: Date | null;
  amount_cents: number | null;
  last_notice: number | null;
  warned_at: Date | null;
}
