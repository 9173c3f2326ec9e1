import { idSchema, pubkeySchema } from '@caravel/domain';
import type { Cents, Id, Msats, Pubkey } from '@caravel/domain';
import { inSqlTransaction, lockTenant, Prisma } from '@caravel/platform-data-access';
import type { PrismaClient, Sql } from '@caravel/platform-data-access';
import type { AccountDeps } from './account.js';
import { isOpen } from './collection-due.js';
import { settleOffer } from './settle-offer.js';

/** The wallet is asked about one offer at most this often, whoever is curious. */
const ASK_PAUSE_MS = 3_000;
/** Whoever claimed an offer and died leaves it to others after this. */
const CLAIM_MS = 30_000;

/** The bolt11 that a person sees and a wallet pays. */
export interface LiveOffer {
  id: Id;
  lnbc: string;
  paymentHash: string;
  expiresAt: Date;
  /** An attempt whose end is not known pulls this offer. */
  pulled: boolean;
}

export interface NewBolt11 {
  invoiceId: Id;
  tenantPubkey: Pubkey;
  lnbc: string;
  /** 64 hex digits; unique. */
  paymentHash: string;
  msats: Msats;
  amountCents: Cents;
  expiresAt: Date;
  nextCheckAt: Date;
}

/** To be the invoice's live one, unless `keep` says that the one there is will do. */
export interface OfferedBolt11 {
  bolt11: NewBolt11;
  keep: (offer: LiveOffer) => boolean;
}

/** An offer whose payee we are about to ask. */
export interface ClaimedOffer {
  id: Id;
  invoiceId: Id;
  tenantPubkey: Pubkey;
  paymentHash: string;
  createdAt: Date;
  expiresAt: Date;
  /** The attempt that waits for the answer. */
  unknownAttempt: { id: Id; dispatchedAt: Date } | null;
}

/** Which offers to ask about: those whose time has come, or at once those of an open invoice or of a tenant's open invoices. */
export type OfferScope = 'due' | { invoiceId: Id } | { tenantPubkey: Pubkey };

export function offerStore(client: PrismaClient, deps: AccountDeps) {
  const { clock } = deps;
  return {
    liveOffer: (invoiceId: Id): Promise<LiveOffer | null> => findLive(client, invoiceId),

    /**
     * Adds the invoice's live bolt11 and retires the one before. Answers the live one instead when `keep` says that it will
     * do (somebody was faster), and null when the invoice is not open any more.
     */
    addBolt11: (bolt11: NewBolt11, keep: (offer: LiveOffer) => boolean): Promise<LiveOffer | null> =>
      inSqlTransaction(client, async (tx) => {
        await lockTenant(tx, bolt11.tenantPubkey, deps);
        return addLive(tx, { bolt11, keep }, deps);
      }),

    /** Takes offers to ask about, for this process alone for a while. Nobody asks about an offer twice within 3 s. */
    claimOffers: async (scope: OfferScope, { limit }: { limit: number }): Promise<ClaimedOffer[]> => {
      const now = clock.now();
      const rows = await client.$queryRaw<ClaimedRow[]>`
        WITH claimed AS (
          UPDATE offer SET asked_at = ${now}, next_check_at = ${new Date(now.getTime() + CLAIM_MS)}
          WHERE id IN (
            SELECT id FROM offer WHERE kind = 'bolt11' AND settled_at IS NULL AND closed_at IS NULL AND ${within(scope, now)}
              AND (asked_at IS NULL OR asked_at <= ${new Date(now.getTime() - ASK_PAUSE_MS)})
            ORDER BY next_check_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)
          RETURNING *)
        SELECT claimed.id, claimed.invoice_id, claimed.tenant_pubkey, claimed.payment_hash, claimed.created_at,
               claimed.expires_at, attempt.id AS attempt_id, attempt.dispatched_at
        FROM claimed LEFT JOIN collection_attempt attempt ON attempt.invoice_id = claimed.invoice_id
          AND attempt.offer_id = claimed.id AND attempt.state = 'unknown'`;
      return rows.map(toClaimed);
    },

    /** The payee gave no answer that counts. */
    askAgain: async (offerId: Id, at: Date): Promise<void> => {
      await client.$executeRaw`UPDATE offer SET next_check_at = ${at} WHERE id = ${offerId} AND settled_at IS NULL`;
    },

    /**
     * The payee said "not paid": ask again at `nextCheckAt`, or never again when it is null. One that a wallet was asked to pay stays
     * open until that attempt has its end, also when the attempt became unknown after the offer was claimed. All in one statement.
     */
    markUnsettled: async (offers: readonly { id: Id; nextCheckAt: Date | null }[]): Promise<void> => {
      const now = clock.now();
      const again = new Date(now.getTime() + CLAIM_MS);
      await client.$executeRaw`
        UPDATE offer SET next_check_at = coalesce(said."nextCheckAt", CASE WHEN open.pulled THEN ${again}::timestamptz END),
                         live = live AND expires_at > ${now},
                         closed_at = CASE WHEN said."nextCheckAt" IS NULL AND NOT open.pulled THEN ${now}::timestamptz END
        FROM json_to_recordset(${JSON.stringify(offers)}::json) AS said(id text, "nextCheckAt" timestamptz)
        JOIN (
          -- Who holds one is settling it, and we hold others: waiting could be for each other.
          SELECT id, EXISTS (SELECT FROM collection_attempt attempt WHERE attempt.invoice_id = held.invoice_id
                             AND attempt.offer_id = held.id AND attempt.state IN ('created', 'dispatched', 'unknown')) AS pulled
          FROM offer held WHERE id = ANY (${offers.map(({ id }) => id)}) AND settled_at IS NULL
          FOR UPDATE SKIP LOCKED) AS open ON open.id = said.id
        WHERE offer.id = open.id`;
    },

    /** The payee said "paid". Idempotent. */
    settle: (offerId: Id) => settleOffer(client, offerId, deps),
  };
}

/** Under the tenant's lock: the invoice's live bolt11, this one or the one that is kept. Null when the invoice is not open. */
export async function addLive(tx: Sql, { bolt11, keep }: OfferedBolt11, deps: AccountDeps): Promise<LiveOffer | null> {
  const added = await insertLive(tx, bolt11, deps);
  if (added) return added;

  const { invoiceId, tenantPubkey } = bolt11;
  const payable = await tx.$queryRaw<unknown[]>`
    SELECT FROM invoice WHERE id = ${invoiceId} AND tenant_pubkey = ${tenantPubkey} AND ${isOpen}`;
  if (payable.length === 0) return null;
  const live = await findLive(tx, invoiceId);
  if (live && keep(live)) return live;
  if (live) await tx.$executeRaw`UPDATE offer SET live = false WHERE id = ${live.id}`;
  return insertLive(tx, bolt11, deps);
}

async function findLive(db: Sql, invoiceId: Id): Promise<LiveOffer | null> {
  const [row] = await db.$queryRaw<LiveRow[]>`
    SELECT id, lnbc, payment_hash, expires_at,
           EXISTS (SELECT FROM collection_attempt attempt WHERE attempt.invoice_id = offer.invoice_id
                   AND attempt.offer_id = offer.id AND attempt.state IN ('created', 'dispatched', 'unknown')) AS pulled
    FROM offer WHERE invoice_id = ${invoiceId} AND kind = 'bolt11' AND live AND settled_at IS NULL`;
  if (!row) return null;
  const { lnbc, payment_hash: paymentHash, expires_at: expiresAt, pulled } = row;
  return { id: idSchema.parse(row.id), lnbc, paymentHash, expiresAt, pulled };
}

/** Null when the invoice is not open, or has a live one. */
async function insertLive(
  tx: Sql,
  { invoiceId, tenantPubkey, lnbc, paymentHash, msats, amountCents, expiresAt, nextCheckAt }: NewBolt11,
  { clock, newId }: AccountDeps,
): Promise<LiveOffer | null> {
  const id = newId();
  const added = await tx.$executeRaw`
    INSERT INTO offer (id, invoice_id, tenant_pubkey, kind, amount_cents, msats, payment_hash, lnbc, created_at, expires_at,
                       next_check_at)
    SELECT ${id}, invoice.id, invoice.tenant_pubkey, 'bolt11', ${amountCents}, ${msats}, ${paymentHash}, ${lnbc}, ${clock.now()},
           ${expiresAt}, ${nextCheckAt}
    FROM invoice WHERE invoice.id = ${invoiceId} AND invoice.tenant_pubkey = ${tenantPubkey} AND ${isOpen}
      AND NOT EXISTS (SELECT FROM offer other WHERE other.invoice_id = ${invoiceId} AND other.kind = 'bolt11' AND other.live)`;
  return added > 0 ? { id, lnbc, paymentHash, expiresAt, pulled: false } : null;
}

function within(scope: OfferScope, now: Date) {
  if (scope === 'due') return Prisma.sql`next_check_at <= ${now}`;
  if ('invoiceId' in scope) return Prisma.sql`invoice_id = ${scope.invoiceId}`;
  return Prisma.sql`invoice_id IN (SELECT id FROM invoice WHERE tenant_pubkey = ${scope.tenantPubkey} AND ${isOpen})`;
}

function toClaimed(row: ClaimedRow): ClaimedOffer {
  const { attempt_id: attemptId, dispatched_at: dispatchedAt } = row;
  return {
    id: idSchema.parse(row.id),
    invoiceId: idSchema.parse(row.invoice_id),
    tenantPubkey: pubkeySchema.parse(row.tenant_pubkey),
    paymentHash: row.payment_hash,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    unknownAttempt: attemptId && dispatchedAt ? { id: idSchema.parse(attemptId), dispatchedAt } : null,
  };
}

interface LiveRow {
  id: string;
  lnbc: string;
  payment_hash: string;
  expires_at: Date;
  pulled: boolean;
}

interface ClaimedRow {
  id: string;
  invoice_id: string;
  tenant_pubkey: string;
  payment_hash: string;
  created_at: Date;
  expires_at: Date;
  attempt_id: string | null;
  dispatched_at: Date | null;
}
