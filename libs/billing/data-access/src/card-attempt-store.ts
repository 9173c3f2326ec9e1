import { idSchema, pubkeySchema } from '@caravel/domain';
import type { Id, Pubkey } from '@caravel/domain';
import { addMessages, inSqlTransaction, Prisma } from '@caravel/platform-data-access';
import type { PrismaClient, Sql } from '@caravel/platform-data-access';
import type { AccountDeps } from './account.js';
import { UNRESOLVED } from './attempt-store.js';
import { isOpen } from './collection-due.js';
import { endTry, lockDue } from './due-invoice.js';
import { lockAttempt } from './lock-attempt.js';
import { replayAccounts } from './replay-accounts.js';
import { settleCard } from './settle-card.js';

/** Whoever claimed an attempt and died leaves it to others after this: longer than a charge and its cancellation take. */
const CLAIM_MS = 90_000;

/** A pull by card that was written down: what Stripe is asked with, also when it is asked again. */
export interface CardAttempt {
  id: Id;
  invoiceId: Id;
  tenantPubkey: Pubkey;
  customerId: string;
  cardId: string;
  amountCents: number;
}

export interface UnknownCard extends CardAttempt {
  issuedAt: Date;
  dispatchedAt: Date;
  /** The PaymentIntent, once it is known. */
  paymentId: string | null;
  invoiceOpen: boolean;
}

export interface FailedCard {
  attemptId: Id;
  /** For the tenant and safe to show; at most 240 characters. */
  error: string;
  paymentId: string | null;
  nextTryAt: Date;
}

export function cardAttemptStore(client: PrismaClient, deps: AccountDeps) {
  const { clock } = deps;
  return {
    /**
     * Writes down that the tenant's card is about to be charged. Null when, seen under the tenant's lock, that is not to be
     * done: the invoice closed, not due or busy, no card. From `staleAt` on the sweep resolves it.
     */
    beginCard: (wanted: { invoiceId: Id; staleAt: Date }) => inSqlTransaction(client, (tx) => begin(tx, wanted, deps)),

    /**
     * Right before the request leaves. False when the attempt was resolved, the invoice paid another way, or a Checkout page
     * is open for it: then nothing may leave.
     */
    dispatchCard: async (attemptId: Id, { staleAt }: { staleAt: Date }): Promise<boolean> => {
      const moved = await client.$executeRaw`
        UPDATE collection_attempt attempt SET state = 'dispatched', dispatched_at = ${clock.now()}, next_check_at = ${staleAt}
        FROM invoice
        WHERE attempt.id = ${attemptId} AND attempt.state = 'created' AND invoice.id = attempt.invoice_id AND ${isOpen}
          AND NOT EXISTS (SELECT FROM offer WHERE offer.invoice_id = invoice.id AND offer.kind = 'checkout' AND offer.live)`;
      return moved > 0;
    },

    /** Stripe did nothing, or was not asked: no try and no word, the invoice is due at `until`. */
    giveBackCard: (attemptId: Id, { until }: { until: Date }): Promise<void> =>
      inSqlTransaction(client, async (tx) => {
        const attempt = await lockAttempt(tx, attemptId);
        if (!(await resolve(tx, attempt, { state: 'failed', error: NOT_DONE, from: ['created', 'dispatched'], deps })))
          return;
        await tx.$executeRaw`UPDATE invoice SET next_try_at = ${until} WHERE id = ${attempt.invoiceId} AND ${isOpen}`;
        await replayAccounts(tx, [attempt.tenantPubkey], deps);
      }),

    /** Nobody knows whether it was paid: from `askAt` on Stripe is asked. */
    markCardUnknown: async (attemptId: Id, { askAt, paymentId }: UnknownSince): Promise<void> => {
      await client.$executeRaw`
        UPDATE collection_attempt
        SET state = 'unknown', next_check_at = ${askAt}, external_id = coalesce(${paymentId}, external_id)
        WHERE id = ${attemptId} AND state IN ('dispatched', 'unknown')`;
    },

    /** It was provably not paid. Ends this try and tells the tenant. False when the attempt was resolved before. */
    failCard: (failed: FailedCard): Promise<boolean> => inSqlTransaction(client, (tx) => fail(tx, failed, deps)),

    /** Stripe said "succeeded". Idempotent. */
    settleCard: (attemptId: Id, payment: { paymentId: string }) =>
      inSqlTransaction(client, async (tx) =>
        settleCard(tx, { ...(await lockAttempt(tx, attemptId)), ...payment }, deps),
      ),

    /** Takes unknown attempts to ask Stripe about: those whose time has come, or at once those of a tenant. */
    claimUnknownCards: async (scope: CardScope, { limit }: { limit: number }): Promise<UnknownCard[]> => {
      const now = clock.now();
      const within =
        scope === 'due' ? Prisma.sql`next_check_at <= ${now}` : Prisma.sql`tenant_pubkey = ${scope.tenantPubkey}`;
      const rows = await client.$queryRaw<UnknownRow[]>`
        WITH claimed AS (
          UPDATE collection_attempt SET next_check_at = ${new Date(now.getTime() + CLAIM_MS)}
          WHERE id IN (SELECT id FROM collection_attempt WHERE rail = 'card' AND state = 'unknown' AND ${within}
                       ORDER BY next_check_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)
          RETURNING *)
        SELECT claimed.*, invoice.issued_at, ${isOpen} AS invoice_open
        FROM claimed JOIN invoice ON invoice.id = claimed.invoice_id`;
      return rows.map(toUnknown);
    },
  };
}

const NOT_DONE = 'It was not sent.';

async function begin(
  tx: Sql,
  { invoiceId, staleAt }: { invoiceId: Id; staleAt: Date },
  deps: AccountDeps,
): Promise<CardAttempt | null> {
  const due = await lockDue(tx, invoiceId, deps);
  if (!due?.cardId || !due.customerId) return null;
  const { tenantPubkey, customerId, cardId, amountCents } = due;
  const now = deps.clock.now();
  const attempt = { id: deps.newId(), invoiceId, tenantPubkey, customerId, cardId, amountCents };
  await tx.$executeRaw`
    INSERT INTO collection_attempt (id, invoice_id, tenant_pubkey, customer_id, card_id, amount_cents, rail, state, created_at,
                                    next_check_at)
    VALUES (${attempt.id}, ${invoiceId}, ${tenantPubkey}, ${customerId}, ${cardId}, ${amountCents}, 'card', 'created', ${now},
            ${staleAt})`;
  await tx.$executeRaw`
    UPDATE tenant_billing SET card_tried_at = greatest(${now}::timestamptz, card_changed_at) WHERE tenant_pubkey = ${tenantPubkey}`;
  return attempt;
}

async function fail(
  tx: Sql,
  { attemptId, error, paymentId, nextTryAt }: FailedCard,
  deps: AccountDeps,
): Promise<boolean> {
  const attempt = await lockAttempt(tx, attemptId);
  if (!(await resolve(tx, attempt, { state: 'failed', error, paymentId, from: UNRESOLVED, deps }))) return false;
  const { invoiceId, tenantPubkey, amountCents } = attempt;
  // An invoice that was paid another way meanwhile needs no words about this one.
  if (await endTry(tx, invoiceId, { nextTryAt, now: deps.clock.now() })) {
    // Of the card that is saved now: else it is not shown.
    await tx.$executeRaw`
      UPDATE tenant_billing SET stripe_error = ${error}, stripe_error_at = ${deps.clock.now()}
      WHERE tenant_pubkey = ${tenantPubkey} AND stripe_payment_method_id = ${attempt.cardId}`;
    const params = { invoice_id: invoiceId, amount_cents: amountCents };
    const failure = { ...params, error };
    const failed = { tenantPubkey, template: 'card-failed', subject: attemptId, params: failure };
    const due = { tenantPubkey, template: 'invoice-due', subject: invoiceId, params };
    await addMessages(tx, [failed, due], deps);
  }
  await replayAccounts(tx, [tenantPubkey], deps);
  return true;
}

/** False when the attempt was resolved before. */
async function resolve(
  tx: Sql,
  { id }: CardAttempt,
  { state, error, paymentId, from, deps }: Resolution,
): Promise<boolean> {
  const resolved = await tx.$executeRaw`
    UPDATE collection_attempt
    SET state = ${state}, error = ${error}, resolved_at = ${deps.clock.now()}, next_check_at = NULL,
        external_id = coalesce(${paymentId ?? null}, external_id)
    WHERE id = ${id} AND state = ANY (${[...from]})`;
  return resolved > 0;
}

function toUnknown(row: UnknownRow): UnknownCard {
  return {
    id: idSchema.parse(row.id),
    invoiceId: idSchema.parse(row.invoice_id),
    tenantPubkey: pubkeySchema.parse(row.tenant_pubkey),
    customerId: row.customer_id,
    cardId: row.card_id,
    amountCents: row.amount_cents,
    issuedAt: row.issued_at,
    dispatchedAt: row.dispatched_at,
    paymentId: row.external_id,
    invoiceOpen: row.invoice_open,
  };
}

export type CardScope = 'due' | { tenantPubkey: Pubkey };

export interface UnknownSince {
  askAt: Date;
  paymentId: string | null;
}

interface Resolution {
  state: 'failed';
  error: string;
  paymentId?: string | null;
  from: readonly string[];
  deps: AccountDeps;
}

interface UnknownRow {
  id: string;
  invoice_id: string;
  tenant_pubkey: string;
  customer_id: string;
  card_id: string;
  amount_cents: number;
  issued_at: Date;
  dispatched_at: Date;
  external_id: string | null;
  invoice_open: boolean;
}
