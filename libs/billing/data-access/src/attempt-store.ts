import { idSchema, pubkeySchema } from '@caravel/domain';
import type { Id, Pubkey } from '@caravel/domain';
import { inSqlTransaction, messagesInsert, Prisma } from '@caravel/platform-data-access';
import type { PrismaClient, Sql } from '@caravel/platform-data-access';
import type { AccountDeps } from './account.js';
import { isBusy, isDue, isOpen, NEW_WAY_PAUSE_MS, newWayAt } from './collection-due.js';
import { lockInvoice, lockOwner, tryEnd } from './due-invoice.js';
import { lockAttempt } from './lock-attempt.js';
import { addLive } from './offer-store.js';
import type { OfferedBolt11 } from './offer-store.js';
import { replayAccounts } from './replay-accounts.js';

export const UNRESOLVED = ['created', 'dispatched', 'unknown'];

/** A pull that was written down and has not gone out. */
export interface BegunAttempt {
  id: Id;
  tenantPubkey: Pubkey;
  offerId: Id;
  /** The tenant's wallet as it was under the lock. */
  sealedUrl: string;
  lnbc: string;
  paymentHash: string;
}

/** To pay an offer that exists, or one that is added by the same transaction. */
export type WantedAttempt = { invoiceId: Id; staleAt: Date } & ({ offerId: Id } | OfferedBolt11);

export interface FailedAttempt {
  attemptId: Id;
  /** For the tenant and safe to show; at most 240 characters. */
  error: string;
  /** When the invoice is tried next. */
  nextTryAt: Date;
}

export function attemptStore(client: PrismaClient, deps: AccountDeps) {
  const { clock } = deps;
  return {
    /**
     * Writes down that the tenant's wallet is about to be asked to pay this offer. Null when, seen under the tenant's lock,
     * that is not to be done: the invoice closed, not due or busy, no wallet or not its turn, the offer not live. From `staleAt` on the
     * sweep resolves it.
     */
    begin: (wanted: WantedAttempt) => inSqlTransaction(client, (tx) => begin(tx, wanted, deps)),

    /**
     * Right before the request leaves. False when somebody resolved the attempt, or the invoice was paid another way meanwhile:
     * then nothing may leave.
     */
    dispatch: async (attemptId: Id, { staleAt }: { staleAt: Date }): Promise<boolean> => {
      const moved = await client.$executeRaw`
        UPDATE collection_attempt attempt SET state = 'dispatched', dispatched_at = ${clock.now()}, next_check_at = ${staleAt}
        FROM invoice
        WHERE attempt.id = ${attemptId} AND attempt.state = 'created' AND invoice.id = attempt.invoice_id AND ${isOpen}`;
      return moved > 0;
    },

    /**
     * Nobody knows whether it was paid: from `askAt` on the payee is asked about its offer, also when that was closed, or Stripe
     * about its payment.
     */
    markUnknown: async (attemptId: Id, { askAt }: { askAt: Date }): Promise<void> => {
      await client.$executeRaw`
        WITH moved AS (
          UPDATE collection_attempt SET state = 'unknown', next_check_at = CASE WHEN rail = 'card' THEN ${askAt}::timestamptz END
          WHERE id = ${attemptId} AND state = 'dispatched' RETURNING offer_id)
        UPDATE offer SET next_check_at = ${askAt}, closed_at = NULL WHERE id IN (SELECT offer_id FROM moved) AND settled_at IS NULL`;
    },

    /**
     * It was provably not paid. Ends this try of the invoice, or hands it over to the tenant's card; tells the tenant, and lets
     * credit that waited for the attempt meet the invoice. False when the attempt was resolved before.
     */
    fail: (failed: FailedAttempt): Promise<boolean> => inSqlTransaction(client, (tx) => fail(tx, failed, deps)),

    /** Attempts that nobody resolved in time, in either state. */
    stale: async ({ limit }: { limit: number }): Promise<{ attemptId: Id; state: 'created' | 'dispatched' }[]> => {
      // States as parameters would hide the partial index from a plan that is made once.
      const rows = await client.$queryRaw<{ id: string; state: string }[]>`
        SELECT id, state FROM collection_attempt WHERE state IN ('created', 'dispatched') AND next_check_at <= ${clock.now()}
        ORDER BY next_check_at LIMIT ${limit}`;
      return rows.map(({ id, state }) => ({
        attemptId: idSchema.parse(id),
        state: state === 'created' ? 'created' : 'dispatched',
      }));
    },

    /** An attempt that never went out (we crashed) is no try: it fails without a word, and its invoice is due at once. */
    drop: (attemptId: Id): Promise<void> =>
      inSqlTransaction(client, (tx) => drop(tx, { attemptId, states: ['created'] }, deps)),

    /** The same, by the process that dispatched it and knows that its request never left: it is stopping. */
    withdraw: (attemptId: Id): Promise<void> =>
      inSqlTransaction(client, (tx) => drop(tx, { attemptId, states: ['created', 'dispatched'] }, deps)),

    /** Nothing to pull from: asks the tenant by message and ends this try. False when the invoice is not due any more. */
    askPerson: ({ invoiceId, nextTryAt, notBefore }: { invoiceId: Id; nextTryAt: Date; notBefore: Date }) =>
      inSqlTransaction(client, async (tx): Promise<boolean> => {
        const invoice = await lockInvoice(tx, invoiceId);
        if (!invoice) return false;
        const { tenantPubkey, amountCents } = invoice;
        const now = clock.now();
        const params = { invoice_id: invoiceId, amount_cents: amountCents };
        const message = { tenantPubkey, template: 'invoice-due', subject: invoiceId, params, notBefore };
        const ended = await tx.$queryRaw<unknown[]>`
          WITH ended AS (${tryEnd(invoiceId, { nextTryAt, now, onlyIf: hasNoWay(now) })}
          ), told AS (${messagesInsert([message], deps, Prisma.sql`EXISTS (SELECT FROM ended)`)})
          SELECT tenant_pubkey FROM ended`;
        return ended.length > 0;
      }),

    /** What this try needs is out of order (no rate, no wallet of ours): not counted as one. */
    postpone: async (invoiceId: Id, { until }: { until: Date }): Promise<void> => {
      await client.$executeRaw`
        UPDATE invoice SET next_try_at = ${until} WHERE id = ${invoiceId} AND ${isOpen} AND next_try_at < ${until}`;
    },
  };
}

/** It is due, and the tenant has nothing to pull from in this try. */
const hasNoWay = (now: Date) => Prisma.sql`
  ${isDue(now)} AND NOT ${isBusy} AND billing.stripe_payment_method_id IS NULL
  AND (coalesce(wallet.sealed_url, '') = '' OR invoice.next_rail IS NOT DISTINCT FROM 'card')`;

async function begin(
  tx: Sql,
  { invoiceId, staleAt, ...offered }: WantedAttempt,
  deps: AccountDeps,
): Promise<BegunAttempt | null> {
  await lockOwner(tx, invoiceId);
  const offerId = 'offerId' in offered ? offered.offerId : (await addLive(tx, offered, deps))?.id;
  if (offerId === undefined) return null;
  const now = deps.clock.now();
  const id = deps.newId();
  const [begun] = await tx.$queryRaw<BegunRow[]>`
    WITH due AS (
      SELECT invoice.id, invoice.tenant_pubkey, invoice.amount_cents, wallet.sealed_url, wallet.updated_at
      FROM invoice JOIN tenant_wallet wallet ON wallet.tenant_pubkey = invoice.tenant_pubkey
      WHERE invoice.id = ${invoiceId} AND ${isOpen} AND NOT ${isBusy} AND ${isDue(now)} AND wallet.sealed_url <> ''
        AND invoice.next_rail IS DISTINCT FROM 'card'
    ), live AS (
      SELECT due.*, offer.lnbc, offer.payment_hash FROM offer JOIN due ON due.id = offer.invoice_id
      WHERE offer.id = ${offerId} AND kind = 'bolt11' AND live AND settled_at IS NULL AND expires_at > ${now}
    ), attempt AS (
      INSERT INTO collection_attempt (id, invoice_id, tenant_pubkey, rail, state, offer_id, amount_cents, created_at, next_check_at)
      SELECT ${id}, live.id, tenant_pubkey, 'nwc', 'created', ${offerId}, amount_cents, ${now}, ${staleAt} FROM live
    ), tried AS (
      INSERT INTO tenant_billing (tenant_pubkey, wallet_tried_at)
      SELECT tenant_pubkey, greatest(${now}::timestamptz, updated_at) FROM live
      ON CONFLICT (tenant_pubkey) DO UPDATE SET wallet_tried_at = excluded.wallet_tried_at
    )
    SELECT tenant_pubkey, sealed_url, lnbc, payment_hash FROM live`;
  if (!begun) return null;
  const { tenant_pubkey, sealed_url: sealedUrl, lnbc, payment_hash: paymentHash } = begun;
  return { id, tenantPubkey: pubkeySchema.parse(tenant_pubkey), offerId, sealedUrl, lnbc, paymentHash };
}

async function fail(tx: Sql, { attemptId, error, nextTryAt }: FailedAttempt, deps: AccountDeps): Promise<boolean> {
  const { invoiceId, tenantPubkey, amountCents, sats } = await lockAttempt(tx, attemptId);
  const params = { invoice_id: invoiceId, amount_cents: amountCents, ...(sats !== undefined && { sats }) };
  const failure = { tenantPubkey, template: 'wallet-failed', subject: attemptId, params: { ...params, error } };
  const due = { tenantPubkey, template: 'invoice-due', subject: invoiceId, params };
  // An invoice that was paid another way meanwhile needs no words about this one.
  const words = Prisma.sql`
    , told_failure AS (${messagesInsert([failure], deps, Prisma.sql`EXISTS (SELECT FROM ended)`)}
    ), told_due AS (${messagesInsert([due], deps, Prisma.sql`EXISTS (SELECT FROM ended WHERE NOT handed_over)`)})`;
  if (!(await endAttempt(tx, { attemptId, error, nextTryAt, now: deps.clock.now(), words }))) return false;
  await replayAccounts(tx, [tenantPubkey], deps);
  return true;
}

/**
 * The attempt failed, and with it this try, or it is the card's turn in the same try, if there is one; that is kept in the row,
 * so that a crash or a pause does not ask the wallet again. For `words` there is `ended`, empty when the invoice is not open any
 * more. The error is of the wallet that is connected now, and later than its connection whatever clocks say: else it is not
 * shown. False when the attempt was resolved before.
 */
async function endAttempt(
  tx: Sql,
  { attemptId, error, nextTryAt, now, words }: FailedAttempt & { now: Date; words: Prisma.Sql },
): Promise<boolean> {
  const again = new Date(now.getTime() + NEW_WAY_PAUSE_MS);
  const hasCard = Prisma.sql`billing.stripe_payment_method_id IS NOT NULL`;
  const failed = await tx.$queryRaw<unknown[]>`
    WITH failed AS (
      UPDATE collection_attempt SET state = 'failed', error = ${error}, resolved_at = ${now}, next_check_at = NULL
      WHERE id = ${attemptId} AND state IN ('created', 'dispatched', 'unknown') RETURNING invoice_id, tenant_pubkey
    ), ended AS (
      UPDATE invoice SET tries = invoice.tries + CASE WHEN ${hasCard} THEN 0 ELSE 1 END,
        next_rail = CASE WHEN ${hasCard} THEN 'card' END,
        next_try_at = CASE WHEN ${hasCard} THEN least(invoice.next_try_at, ${now})
                           ELSE least(${nextTryAt}::timestamptz, ${newWayAt(again)}) END
      FROM failed LEFT JOIN tenant_wallet wallet ON wallet.tenant_pubkey = failed.tenant_pubkey
        LEFT JOIN tenant_billing billing ON billing.tenant_pubkey = failed.tenant_pubkey
      WHERE invoice.id = failed.invoice_id AND ${isOpen}
      RETURNING invoice.tenant_pubkey, ${hasCard} AS handed_over
    ), shown AS (
      UPDATE tenant_billing billing
      SET nwc_error = ${error}, nwc_error_at = greatest(${now}::timestamptz, wallet.updated_at + interval '1 millisecond')
      FROM ended JOIN tenant_wallet wallet ON wallet.tenant_pubkey = ended.tenant_pubkey
      WHERE billing.tenant_pubkey = ended.tenant_pubkey AND wallet.updated_at <= billing.wallet_tried_at
    )${words}
    SELECT invoice_id FROM failed`;
  return failed.length > 0;
}

async function drop(
  tx: Sql,
  { attemptId, states }: { attemptId: Id; states: string[] },
  deps: AccountDeps,
): Promise<void> {
  const { invoiceId, tenantPubkey } = await lockAttempt(tx, attemptId);
  const now = deps.clock.now();
  const dropped = await tx.$executeRaw`
    UPDATE collection_attempt SET state = 'failed', error = 'It was not sent.', resolved_at = ${now}, next_check_at = NULL
    WHERE id = ${attemptId} AND state = ANY (${states})`;
  if (dropped === 0) return;
  await tx.$executeRaw`
    UPDATE invoice SET next_try_at = least(next_try_at, ${now}) WHERE id = ${invoiceId} AND ${isOpen}`;
  await replayAccounts(tx, [tenantPubkey], deps);
}

interface BegunRow {
  tenant_pubkey: string;
  sealed_url: string;
  lnbc: string;
  payment_hash: string;
}
