import { idSchema, pubkeySchema } from '@caravel/domain';
import type { Id, Pubkey } from '@caravel/domain';
import { inTransaction, lockTenant, Prisma } from '@caravel/platform-data-access';
import type { PrismaClient, Tx } from '@caravel/platform-data-access';
import type { AccountDeps } from './account.js';
import { isBusy, isOpen } from './collection-due.js';
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
      inTransaction(client, (tx) => add(tx, checkout, deps)),

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
      await client.offer.updateMany({ where: { id: offerId, settledAt: null }, data: { nextCheckAt: at } });
    },

    /** Stripe said that it is expired: nobody can pay it any more. */
    closeCheckout: async (offerId: Id): Promise<void> => {
      const data = { live: false, closedAt: clock.now(), nextCheckAt: null };
      await client.offer.updateMany({ where: { id: offerId, kind: 'checkout', settledAt: null }, data });
    },
  };
}

async function add(tx: Tx, checkout: NewCheckoutRow, deps: AccountDeps): Promise<LiveCheckout | null> {
  const { invoiceId, sessionId, amountCents, expiresAt, nextCheckAt } = checkout;
  const owner = await tx.invoice.findUnique({ where: { id: invoiceId }, select: { tenantPubkey: true } });
  if (!owner) return null;
  const tenantPubkey = pubkeySchema.parse(owner.tenantPubkey);
  await lockTenant(tx, tenantPubkey, deps);
  const payable = await tx.$queryRaw<unknown[]>`
    SELECT FROM invoice WHERE id = ${invoiceId} AND ${isOpen} AND NOT ${isBusy}`;
  if (payable.length === 0 || (await findLive(tx, invoiceId))) return null;

  const id = deps.newId();
  const offer = { id, invoiceId, tenantPubkey, kind: 'checkout', amountCents, checkoutSessionId: sessionId };
  await tx.offer.create({
    data: { ...offer, expiresAt, nextCheckAt, createdAt: deps.clock.now() },
    select: { id: true },
  });
  return { id, sessionId, expiresAt };
}

async function findLive(db: Pick<Tx, 'offer'>, invoiceId: Id): Promise<LiveCheckout | null> {
  const row = await db.offer.findFirst({
    where: { invoiceId, kind: 'checkout', live: true, settledAt: null },
    select: { id: true, checkoutSessionId: true, expiresAt: true },
  });
  if (!row?.checkoutSessionId) return null;
  return { id: idSchema.parse(row.id), sessionId: row.checkoutSessionId, expiresAt: row.expiresAt };
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
