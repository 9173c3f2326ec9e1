import { AppError, idSchema, pubkeySchema } from '@caravel/domain';
import type { Id, PaymentMethod, Pubkey } from '@caravel/domain';
import { inSqlTransaction, messagesInsert, Prisma } from '@caravel/platform-data-access';
import type { PrismaClient, Sql } from '@caravel/platform-data-access';
import type { AccountDeps } from './account.js';
import { isOpen } from './collection-due.js';
import { entriesInsert, latePaymentPosting, paymentPosting, post } from './ledger.js';
import { replayAndRestore } from './restore-tenant.js';
import { wholeSats } from './whole-sats.js';

/** What money for an offer did. `known`: it was booked before. */
export type Settlement = 'paid' | 'credited' | 'known';

export interface Settled {
  settlement: Settlement;
  /** Churn ended with it, or may have when it was booked before: relays run again and zooid has to follow. */
  relays: boolean;
}

/**
 * Books the money of one offer, whole or not at all: the offer settled, an attempt that pulled it succeeded, its invoice
 * paid or, when that was closed already, a credit of the cents the offer was made for; ledger, message, what credit does
 * to open invoices, and the end of churn when none is left. Method `nwc` when an attempt had gone out for it, else a person
 * paid: `stripe` on a Checkout page, `oob` a bolt11.
 */
export function settleOffer(client: PrismaClient, offerId: Id, deps: AccountDeps): Promise<Settled> {
  return inSqlTransaction(client, async (tx) => {
    const { byHand, ...offer } = await lockOffer(tx, offerId);
    const { settled, pulled } = await closeOffer(tx, offerId, deps.clock.now());
    if (!settled) return { settlement: 'known', relays: true };

    const method = pulled ? 'nwc' : byHand;
    const settlement = (await payInvoice(tx, offer, { method, deps }))
      ? 'paid'
      : await creditLatePayment(tx, offer, { method, deps });
    return { settlement, relays: await replayAndRestore(tx, offer.tenantPubkey, deps) };
  });
}

/** What money came for: an offer, or an attempt that charged a card. */
export interface SettledOffer {
  id: Id;
  invoiceId: Id;
  tenantPubkey: Pubkey;
  amountCents: number;
  sats: number | undefined;
}

export interface How {
  method: PaymentMethod;
  deps: AccountDeps;
}

/** Takes the lock of the tenant whose offer it is, and reads what never changes of it. */
async function lockOffer(tx: Sql, offerId: Id): Promise<SettledOffer & { byHand: PaymentMethod }> {
  const [row] = await tx.$queryRaw<OfferRow[]>`
    SELECT offer.invoice_id, offer.tenant_pubkey, offer.amount_cents, offer.msats, offer.kind
    FROM offer JOIN tenant_history history ON history.pubkey = offer.tenant_pubkey
    WHERE offer.id = ${offerId} FOR UPDATE OF history`;
  if (!row) throw new AppError('internal', 'There is no such offer.');
  return {
    id: offerId,
    invoiceId: idSchema.parse(row.invoice_id),
    tenantPubkey: pubkeySchema.parse(row.tenant_pubkey),
    amountCents: row.amount_cents,
    sats: wholeSats(row.msats),
    byHand: row.kind === 'checkout' ? 'stripe' : 'oob',
  };
}

/**
 * The offer settled, and its attempt with it: `pulled` when that had asked a wallet to pay, which also clears the wallet's
 * error. One that had not gone out yet never will.
 */
async function closeOffer(tx: Sql, offerId: Id, now: Date): Promise<{ settled: boolean; pulled: boolean }> {
  const [closed] = await tx.$queryRaw<{ settled: boolean; pulled: boolean }[]>`
    WITH settled AS (
      UPDATE offer SET settled_at = ${now}, live = false, next_check_at = NULL
      WHERE id = ${offerId} AND settled_at IS NULL RETURNING id, invoice_id, tenant_pubkey
    ), resolved AS (
      UPDATE collection_attempt attempt
      SET state = CASE attempt.state WHEN 'created' THEN 'failed' ELSE 'succeeded' END,
          error = CASE attempt.state WHEN 'created' THEN 'It was paid by hand.' ELSE attempt.error END,
          resolved_at = ${now}, next_check_at = NULL
      FROM settled WHERE attempt.invoice_id = settled.invoice_id AND attempt.offer_id = settled.id
        AND attempt.state IN ('created', 'dispatched', 'unknown')
      RETURNING attempt.state, attempt.tenant_pubkey
    ), cleared AS (
      UPDATE tenant_billing billing SET nwc_error = NULL, nwc_error_at = NULL
      FROM resolved WHERE resolved.state = 'succeeded' AND billing.tenant_pubkey = resolved.tenant_pubkey
        AND billing.nwc_error IS NOT NULL
    )
    SELECT EXISTS (SELECT FROM settled) AS settled, EXISTS (SELECT FROM resolved WHERE state = 'succeeded') AS pulled`;
  return closed ?? { settled: false, pulled: false };
}

/** The invoice paid, with ledger and message, in one statement; false when it is not open any more. */
export async function payInvoice(tx: Sql, offer: SettledOffer, { method, deps }: How): Promise<boolean> {
  const { invoiceId, tenantPubkey, amountCents, sats } = offer;
  const now = deps.clock.now();
  const posting = paymentPosting(invoiceId, method, { tenantPubkey, amountCents });
  const params = { invoice_id: invoiceId, amount_cents: amountCents, method, ...(sats !== undefined && { sats }) };
  const message = { tenantPubkey, template: 'invoice-paid', subject: invoiceId, params };
  const ifPaid = Prisma.sql`EXISTS (SELECT FROM paid)`;
  const paid = await tx.$queryRaw<unknown[]>`
    WITH paid AS (
      UPDATE invoice SET paid_at = ${now}, method = ${method}, next_try_at = NULL
      WHERE id = ${invoiceId} AND ${isOpen} RETURNING id
    ), booked AS (${entriesInsert([posting], now, ifPaid)}
    ), told AS (${messagesInsert([message], deps, ifPaid)}
    )
    SELECT id FROM paid`;
  return paid.length > 0;
}

export async function creditLatePayment(tx: Sql, offer: SettledOffer, { method, deps }: How): Promise<'credited'> {
  const { id: offerId, tenantPubkey, amountCents } = offer;
  const now = deps.clock.now();
  await tx.$executeRaw`
    INSERT INTO invoice_item (id, tenant_pubkey, offer_id, plan_id, kind, amount_cents, description, created_at)
    VALUES (${deps.newId()}, ${tenantPubkey}, ${offerId}, '', 'late_payment', ${-amountCents},
            'Payment that came for a closed invoice', ${now})`;
  await post(tx, [latePaymentPosting(offerId, method, { tenantPubkey, amountCents })], now);
  return 'credited';
}

interface OfferRow {
  invoice_id: string;
  tenant_pubkey: string;
  amount_cents: number;
  msats: bigint | null;
  kind: string;
}
