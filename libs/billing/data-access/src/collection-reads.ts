import { cents, idSchema, pubkeySchema } from '@caravel/domain';
import type { Cents, Id, Pubkey } from '@caravel/domain';
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
}

/** Whose turn it is. Index scans over rows that are due; what answers here is looked at again under the tenant's lock. */
export function collectionReads(client: PrismaClient, deps: AccountDeps) {
  const { clock } = deps;
  return {
    find: async (invoiceId: Id): Promise<CollectableInvoice | null> => {
      const now = clock.now();
      const [row] = await client.$queryRaw<Row[]>`
        SELECT invoice.id, invoice.tenant_pubkey, invoice.amount_cents, invoice.issued_at, ${isOpen} AS open, ${isBusy} AS busy,
               coalesce(${isDue(now)}, false) AS due, wallet.sealed_url IS NOT NULL AS has_wallet,
               billing.stripe_payment_method_id IS NOT NULL AS has_card, invoice.next_rail = 'card' AS cards_turn,
               EXISTS (SELECT FROM offer WHERE offer.invoice_id = invoice.id AND offer.kind = 'checkout' AND offer.live) AS has_page,
               EXISTS (SELECT FROM offer WHERE offer.invoice_id = invoice.id AND kind = 'bolt11' AND settled_at IS NULL
                       AND closed_at IS NULL) AS offered
        FROM invoice ${withWallet} WHERE invoice.id = ${invoiceId}`;
      return row ? toInvoice(row) : null;
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
    dueInvoices: async ({ limit }: { limit: number }): Promise<Id[]> => {
      const rows = await client.$queryRaw<{ id: string }[]>`
        SELECT id FROM invoice WHERE ${isOpen} AND ${isDue(clock.now())} AND NOT ${isBusy}
        ORDER BY next_try_at LIMIT ${limit}`;
      return toIds(rows);
    },

    /** The same for one tenant, oldest first; a new wallet or card makes its invoices due before. */
    dueInvoicesOf: async (tenantPubkey: Pubkey): Promise<Id[]> => {
      const look = () => client.$queryRaw<{ id: string | null }[]>`
        (SELECT invoice.id FROM invoice
         WHERE invoice.tenant_pubkey = ${tenantPubkey} AND ${isOpen} AND NOT ${isBusy} AND ${isDue(clock.now())}
         ORDER BY invoice.issued_at)
        UNION ALL SELECT NULL FROM (${unnoticed({ tenantPubkey })}) AS way`;
      const rows = await look();
      if (rows.every(({ id }) => id !== null)) return toIds(rows);
      await noticeNewWays(client, { tenantPubkey }, deps);
      return toIds(await look());
    },
  };
}

const toIds = (rows: readonly { id: string | null }[]): Id[] =>
  rows.flatMap(({ id }) => (id === null ? [] : idSchema.parse(id)));

function toInvoice(row: Row): CollectableInvoice {
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
