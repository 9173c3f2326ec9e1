import { idSchema, pubkeySchema } from '@caravel/domain';
import type { Id, PaymentMethod, Pubkey } from '@caravel/domain';
import { addMessage, inTransaction, lockTenant } from '@caravel/platform-data-access';
import type { PrismaClient, Tx } from '@caravel/platform-data-access';
import type { AccountDeps } from './account.js';
import { latePaymentPosting, paymentPosting, post } from './ledger.js';
import { replayAccounts } from './replay-accounts.js';
import { restoreIfPaid } from './restore-tenant.js';
import { wholeSats } from './whole-sats.js';

/** What money for an offer did. `known`: it was booked before. */
export type Settlement = 'paid' | 'credited' | 'known';

/**
 * Books the money of one offer, whole or not at all: the offer settled, an attempt that pulled it succeeded, its invoice
 * paid or, when that was closed already, a credit of the cents the offer was made for; ledger, message, what credit does
 * to open invoices, and the end of churn when none is left. Method `nwc` when an attempt had gone out for it, else a person
 * paid: `stripe` on a Checkout page, `oob` a bolt11.
 */
export function settleOffer(client: PrismaClient, offerId: Id, deps: AccountDeps): Promise<Settlement> {
  return inTransaction(client, async (tx) => {
    const found = await tx.offer.findUniqueOrThrow({ where: { id: offerId } });
    const offer: SettledOffer = {
      id: offerId,
      invoiceId: idSchema.parse(found.invoiceId),
      tenantPubkey: pubkeySchema.parse(found.tenantPubkey),
      amountCents: found.amountCents,
      sats: wholeSats(found.msats),
    };
    const byHand = found.kind === 'checkout' ? 'stripe' : 'oob';
    await lockTenant(tx, offer.tenantPubkey, deps);
    const now = deps.clock.now();
    const settled = await tx.offer.updateMany({
      where: { id: offerId, settledAt: null },
      data: { settledAt: now, live: false, nextCheckAt: null },
    });
    if (settled.count === 0) return 'known';

    const method = (await resolveAttempt(tx, offer, now)) ? 'nwc' : byHand;
    const settlement = (await payInvoice(tx, offer, { method, deps }))
      ? 'paid'
      : await creditLatePayment(tx, offer, { method, deps });
    if (method === 'nwc') {
      const data = { nwcError: null, nwcErrorAt: null };
      await tx.tenantBilling.updateMany({ where: { tenantPubkey: offer.tenantPubkey }, data });
    }
    await replayAccounts(tx, [offer.tenantPubkey], deps);
    await restoreIfPaid(tx, offer.tenantPubkey, deps);
    return settlement;
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

/** True when an attempt had asked a wallet to pay this offer. One that had not gone out yet never will. */
async function resolveAttempt(tx: Tx, offer: SettledOffer, now: Date): Promise<boolean> {
  const pull = { invoiceId: offer.invoiceId, offerId: offer.id };
  const resolved = { resolvedAt: now, nextCheckAt: null };
  await tx.collectionAttempt.updateMany({
    where: { ...pull, state: 'created' },
    data: { state: 'failed', error: 'It was paid by hand.', ...resolved },
  });
  const succeeded = await tx.collectionAttempt.updateMany({
    where: { ...pull, state: { in: ['dispatched', 'unknown'] } },
    data: { state: 'succeeded', ...resolved },
  });
  return succeeded.count > 0;
}

/** False when the invoice is not open any more. */
export async function payInvoice(tx: Tx, offer: SettledOffer, { method, deps }: How): Promise<boolean> {
  const { invoiceId, tenantPubkey, amountCents, sats } = offer;
  const now = deps.clock.now();
  const paid = await tx.invoice.updateMany({
    where: { id: invoiceId, paidAt: null, voidedAt: null },
    data: { paidAt: now, method, nextTryAt: null },
  });
  if (paid.count === 0) return false;
  await post(tx, [paymentPosting(invoiceId, method, { tenantPubkey, amountCents })], now);
  const params = { invoice_id: invoiceId, amount_cents: amountCents, method, ...(sats !== undefined && { sats }) };
  await addMessage(tx, { tenantPubkey, template: 'invoice-paid', subject: invoiceId, params }, deps);
  return true;
}

export async function creditLatePayment(tx: Tx, offer: SettledOffer, { method, deps }: How): Promise<'credited'> {
  const { id: offerId, tenantPubkey, amountCents } = offer;
  const now = deps.clock.now();
  await tx.invoiceItem.create({
    data: {
      id: deps.newId(),
      tenantPubkey,
      offerId,
      planId: '',
      kind: 'late_payment',
      amountCents: -amountCents,
      description: 'Payment that came for a closed invoice',
      createdAt: now,
    },
    select: { id: true },
  });
  await post(tx, [latePaymentPosting(offerId, method, { tenantPubkey, amountCents })], now);
  return 'credited';
}
