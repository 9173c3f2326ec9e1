import { idSchema, pubkeySchema } from '@caravel/domain';
import type { Id, Pubkey } from '@caravel/domain';
import { inSqlTransaction, Prisma } from '@caravel/platform-data-access';
import type { PrismaClient, Sql } from '@caravel/platform-data-access';
import type { AccountDeps } from './account.js';
import { isBusy, isOpen } from './collection-due.js';
import { lockOwner } from './due-invoice.js';
import type { OfferScope } from './offer-store.js';

/** Stripe is asked about one page at most this often, whoever is curious. */
const ASK_PAUSE_MS = 10_000;
/** Whoever claimed a page and died leaves it to others after this. */
const CLAIM_MS = 30_000;

/** The Checkout page that is open for an invoice. Its URL is not kept. */
export interface LiveCheckout {
  id: Id;
  sessionId: string;
  expiresAt: Date;
}

export interface NewCheckoutRow {
  invoiceId: Id;
  /** Unique. */
  sessionId: string;
  amountCents: number;
  expiresAt: Date;
  nextCheckAt: Date;
}

export interface ClaimedCheckout {
  id: Id;
  invoiceId: Id;
  tenantPubkey: Pubkey;
  sessionId: string;
  createdAt: Date;
  expiresAt: Date;
  invoiceOpen: boolean;
}

/** Offers of kind `checkout`: a page of Stripe's on which a person pays one invoice. Settled by `settle`, like any offer. */
export function checkoutStore(client: PrismaClient, deps: AccountDeps) {
  const { clock } = deps;
  return {
    liveCheckout: (invoiceId: Id): Promise<LiveCheckout | null> => findLive(client, invoiceId),

    /**
     * Keeps the page that was made. Null when, seen under the tenant's lock, nobody may pay on it: the invoice closed, an
     * attempt unresolved, or another page open.
     */
    addCheckout: (checkout: NewCheckoutRow): Promise<LiveCheckout | null> =>
      inSqlTransaction(client, (tx) => add(tx, checkout, deps)),

    claimCheckouts: async (scope: OfferScope, { limit }: { limit: number }): Promise<ClaimedCheckout[]> => {
      const now = clock.now();
      const rows = await client.$queryRaw<ClaimedRow[]>`
        WITH claimed AS (
          UPDATE offer SET asked_at = ${now}, next_check_at = ${new Date(now.getTime() + CLAIM_MS)}
          WHERE id IN (
            SELECT id FROM offer WHERE kind = 'checkout' AND settled_at IS NULL AND closed_at IS NULL AND ${within(scope, now)}
              AND (asked_at IS NULL OR asked_at <= ${new Date(now.getTime() - ASK_PAUSE_MS)})
            ORDER BY next_check_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)
          RETURNING *)
        SELECT claimed.id, claimed.invoice_id, claimed.tenant_pubkey, claimed.checkout_session_id, claimed.created_at,
               claimed.expires_at, ${isOpen} AS invoice_open
        FROM claimed JOIN invoice ON invoice.id = claimed.invoice_id`;
      return rows.map(toClaimed);
    },

    askCheckoutAgain: async (offerId: Id, at: Date): Promise<void> => {
      await client.$executeRaw`UPDATE offer SET next_check_at = ${at} WHERE id = ${offerId} AND settled_at IS NULL`;
    },

    /** Stripe said that it is expired: nobody can pay it any more. */
    closeCheckout: async (offerId: Id): Promise<void> => {
      await client.$executeRaw`
        UPDATE offer SET live = false, closed_at = ${clock.now()}, next_check_at = NULL
        WHERE id = ${offerId} AND kind = 'checkout' AND settled_at IS NULL`;
    },
  };
}

async function add(tx: Sql, checkout: NewCheckoutRow, deps: AccountDeps): Promise<LiveCheckout | null> {
  const { invoiceId, sessionId, amountCents, expiresAt, nextCheckAt } = checkout;
  const tenantPubkey = await lockOwner(tx, invoiceId);
  if (tenantPubkey === null) return null;
  const payable = await tx.$queryRaw<unknown[]>`
    SELECT FROM invoice WHERE id = ${invoiceId} AND ${isOpen} AND NOT ${isBusy}`;
  if (payable.length === 0 || (await findLive(tx, invoiceId))) return null;

  const id = deps.newId();
  await tx.$executeRaw`
    INSERT INTO offer (id, invoice_id, tenant_pubkey, kind, amount_cents, checkout_session_id, expires_at, next_check_at, created_at)
    VALUES (${id}, ${invoiceId}, ${tenantPubkey}, 'checkout', ${amountCents}, ${sessionId}, ${expiresAt}, ${nextCheckAt},
            ${deps.clock.now()})`;
  return { id, sessionId, expiresAt };
}

async function findLive(db: Sql, invoiceId: Id): Promise<LiveCheckout | null> {
  const [row] = await db.$queryRaw<{ id: string; checkout_session_id: string | null; expires_at: Date }[]>`
    SELECT id, checkout_session_id, expires_at FROM offer
    WHERE invoice_id = ${invoiceId} AND kind = 'checkout' AND live AND settled_at IS NULL LIMIT 1`;
  if (!row?.checkout_session_id) return null;
  return { id: idSchema.parse(row.id), sessionId: row.checkout_session_id, expiresAt: row.expires_at };
}

function within(scope: OfferScope, now: Date) {
  if (scope === 'due') return Prisma.sql`next_check_at <= ${now}`;
  if ('invoiceId' in scope) return Prisma.sql`invoice_id = ${scope.invoiceId}`;
  return Prisma.sql`tenant_pubkey = ${scope.tenantPubkey}`;
}

function toClaimed(row: ClaimedRow): ClaimedCheckout {
  return {
    id: idSchema.parse(row.id),
    invoiceId: idSchema.parse(row.invoice_id),
    tenantPubkey: pubkeySchema.parse(row.tenant_pubkey),
    sessionId: row.checkout_session_id,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    invoiceOpen: row.invoice_open,
  };
}

interface ClaimedRow {
  id: string;
  invoice_id: string;
  tenant_pubkey: string;
  checkout_session_id: string;
  created_at: Date;
  expires_at: Date;
  invoice_open: boolean;
}
