import { cents, idSchema, pubkeySchema } from '@caravel/domain';
import type { Cents, Id, Pubkey } from '@caravel/domain';
import { Prisma } from '@caravel/platform-data-access';
import type { PrismaClient } from '@caravel/platform-data-access';
import type { AccountDeps } from './account.js';
import { isBusy, isDue, isOpen, withWallet } from './collection-due.js';
import { noticeNewWays, unnoticed } from './notice-new-ways.js';

/** An invoice as collecting it sees it. */
export interface CollectableInvoice {
  id: Id;
  tenantPubkey: Pubkey;
  amountCents: Cents;
  issuedAt: Date;
  /** Neither paid nor voided. */
  open: boolean;
  /** The next try is due. */
  due: boolean;
  /** Has an attempt whose end is not known. */
  busy: boolean;
  hasWallet: boolean;
  /** As Stripe said when it was last asked. */
  hasCard: boolean;
  /** A person may be paying on a Checkout page. */
  hasPage: boolean;
  /** In the try that is under way the wallet had its turn. */
  cardsTurn: boolean;
  /** It has a bolt11 that may yet be paid. */
  offered: boolean;
  readAt: Date;
}

/** Whose turn it is. Index scans over rows that are due; what answers here is looked at again under the tenant's lock. */
export function collectionReads(client: PrismaClient, deps: AccountDeps) {
  const { clock } = deps;
  return {
    find: async (invoiceId: Id): Promise<CollectableInvoice | null> => {
      const now = clock.now();
      const [row] = await client.$queryRaw<Row[]>`
        SELECT ${columns(now)} FROM invoice ${withWallet} WHERE invoice.id = ${invoiceId}`;
      return row ? toInvoice(row, now) : null;
    },

    /** Wallets and cards that nobody rang for make invoices due. Answers of how many tenants there were. */
    noticeNewWays: (page: { limit: number }): Promise<number> => noticeNewWays(client, page, deps),

    /** The attempt whose end has been unknown for longest. */
    oldestUnknown: async (): Promise<{ attemptId: Id; tenantPubkey: Pubkey; dispatchedAt: Date } | null> => {
      const [row] = await client.$queryRaw<{ id: string; tenant_pubkey: string; dispatched_at: Date }[]>`
        SELECT id, tenant_pubkey, dispatched_at FROM collection_attempt WHERE state = 'unknown' ORDER BY dispatched_at LIMIT 1`;
      if (!row) return null;
      const { id, tenant_pubkey: tenantPubkey, dispatched_at: dispatchedAt } = row;
      return { attemptId: idSchema.parse(id), tenantPubkey: pubkeySchema.parse(tenantPubkey), dispatchedAt };
    },

    /** Open invoices whose next try is due, the longest waiting first. */
    dueInvoices: async ({ limit }: { limit: number }): Promise<CollectableInvoice[]> => {
      const now = clock.now();
      const rows = await client.$queryRaw<Row[]>`
        SELECT ${columns(now)}
        FROM (SELECT * FROM invoice WHERE ${isOpen} AND ${isDue(now)} AND NOT ${isBusy}
              ORDER BY next_try_at LIMIT ${limit}) AS invoice ${withWallet}
        ORDER BY invoice.next_try_at`;
      return rows.map((row) => toInvoice(row, now));
    },

    /** The same for one tenant, oldest first; a new wallet or card makes its invoices due before. */
    dueInvoicesOf: async (tenantPubkey: Pubkey): Promise<CollectableInvoice[]> => {
      const now = clock.now();
      const look = () => client.$queryRaw<LookedRow[]>`
        SELECT way.is_new, due.* FROM (SELECT EXISTS (${unnoticed({ tenantPubkey })}) AS is_new) AS way LEFT JOIN (
          SELECT ${columns(now)} FROM invoice ${withWallet}
          WHERE invoice.tenant_pubkey = ${tenantPubkey} AND ${isOpen} AND NOT ${isBusy} AND ${isDue(now)}) AS due ON true
        ORDER BY due.issued_at`;
      let rows = await look();
      if (rows.some(({ is_new: isNew }) => isNew)) {
        await noticeNewWays(client, { tenantPubkey }, deps);
        rows = await look();
      }
      return rows.flatMap(({ id, ...row }) => (id === null ? [] : [toInvoice({ id, ...row }, now)]));
    },
  };
}

const columns = (now: Date) => Prisma.sql`
  invoice.id, invoice.tenant_pubkey, invoice.amount_cents, invoice.issued_at, ${isOpen} AS open, ${isBusy} AS busy,
  coalesce(${isDue(now)}, false) AS due, wallet.sealed_url IS NOT NULL AS has_wallet,
  billing.stripe_payment_method_id IS NOT NULL AS has_card, invoice.next_rail = 'card' AS cards_turn,
  EXISTS (SELECT FROM offer WHERE offer.invoice_id = invoice.id AND offer.kind = 'checkout' AND offer.live) AS has_page,
  EXISTS (SELECT FROM offer WHERE offer.invoice_id = invoice.id AND kind = 'bolt11' AND settled_at IS NULL
          AND closed_at IS NULL) AS offered`;

function toInvoice(row: Row, readAt: Date): CollectableInvoice {
  return {
    id: idSchema.parse(row.id),
    tenantPubkey: pubkeySchema.parse(row.tenant_pubkey),
    amountCents: cents(row.amount_cents),
    issuedAt: row.issued_at,
    open: row.open,
    due: row.open && row.due,
    busy: row.busy,
    hasWallet: row.has_wallet,
    hasCard: row.has_card,
    hasPage: row.has_page,
    cardsTurn: row.cards_turn ?? false,
    offered: row.offered,
    readAt,
  };
}

interface Row {
  id: string;
  tenant_pubkey: string;
  amount_cents: number;
  issued_at: Date;
  open: boolean;
  due: boolean;
  busy: boolean;
  has_wallet: boolean;
  has_card: boolean;
  has_page: boolean;
  cards_turn: boolean | null;
  offered: boolean;
}

/** One row also when nothing is due: then all but `is_new` is null. */
type LookedRow = Omit<Row, 'id'> & { id: string | null; is_new: boolean };
