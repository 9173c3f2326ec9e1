import { cents, idSchema, pubkeySchema } from '@caravel/domain';
import type { Cents, Clock, Id, Pubkey } from '@caravel/domain';
import type { Db } from '@caravel/platform-data-access';
import { isBusy, isDue, isOpen, walletIsNew, withWallet } from './collection-due.js';

/** An invoice as collecting it sees it. */
export interface CollectableInvoice {
  id: Id;
  tenantPubkey: Pubkey;
  amountCents: Cents;
  issuedAt: Date;
  /** Neither paid nor voided. */
  open: boolean;
  /** The next try is due, or a wallet or card was set since the last one. */
  due: boolean;
  /** Has an attempt whose end is not known. */
  busy: boolean;
  hasWallet: boolean;
  /** As Stripe said when it was last asked. */
  hasCard: boolean;
  /** In the try that is under way the wallet had its turn. */
  cardsTurn: boolean;
}

/** Whose turn it is. Index scans over rows that are due; what answers here is looked at again under the tenant's lock. */
export function collectionReads(db: Db, { clock }: { clock: Clock }) {
  return {
    find: async (invoiceId: Id): Promise<CollectableInvoice | null> => {
      const now = clock.now();
      const [row] = await db.$queryRaw<Row[]>`
        SELECT invoice.id, invoice.tenant_pubkey, invoice.amount_cents, invoice.issued_at, ${isOpen} AS open, ${isBusy} AS busy,
               coalesce(${isDue(now)}, false) AS due, wallet.sealed_url IS NOT NULL AS has_wallet,
               billing.stripe_payment_method_id IS NOT NULL AS has_card, invoice.next_rail = 'card' AS cards_turn
        FROM invoice ${withWallet} WHERE invoice.id = ${invoiceId}`;
      return row ? toInvoice(row) : null;
    },

    /** Open invoices whose next try is due, the longest waiting first. */
    dueInvoices: async ({ limit }: { limit: number }): Promise<Id[]> => {
      const rows = await db.$queryRaw<{ id: string }[]>`
        SELECT id FROM invoice WHERE ${isOpen} AND next_try_at <= ${clock.now()} AND NOT ${isBusy}
        ORDER BY next_try_at LIMIT ${limit}`;
      return toIds(rows);
    },

    /** The same for one tenant, oldest first, also those that a new wallet or card makes due. */
    dueInvoicesOf: async (tenantPubkey: Pubkey): Promise<Id[]> => {
      const rows = await db.$queryRaw<{ id: string }[]>`
        SELECT invoice.id FROM invoice ${withWallet}
        WHERE invoice.tenant_pubkey = ${tenantPubkey} AND ${isOpen} AND NOT ${isBusy} AND ${isDue(clock.now())}
        ORDER BY invoice.issued_at`;
      return toIds(rows);
    },

    /** Invoices that a wallet set at or after `since` makes due: what a lost bell would have told. */
    dueByNewWallet: async ({ since, limit }: { since: Date; limit: number }): Promise<Id[]> => {
      const rows = await db.$queryRaw<{ id: string }[]>`
        SELECT invoice.id FROM tenant_wallet wallet JOIN invoice ON invoice.tenant_pubkey = wallet.tenant_pubkey
        LEFT JOIN tenant_billing billing ON billing.tenant_pubkey = wallet.tenant_pubkey
        WHERE wallet.updated_at >= ${since} AND ${isOpen} AND NOT ${isBusy} AND ${walletIsNew(clock.now())}
        ORDER BY wallet.updated_at LIMIT ${limit}`;
      return toIds(rows);
    },
  };
}

const toIds = (rows: readonly { id: string }[]): Id[] => rows.map(({ id }) => idSchema.parse(id));

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
    cardsTurn: row.cards_turn ?? false,
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
  cards_turn: boolean | null;
}
