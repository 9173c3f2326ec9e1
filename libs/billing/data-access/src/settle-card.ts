import type { Tx } from '@caravel/platform-data-access';
import type { AccountDeps } from './account.js';
import type { CardAttempt } from './card-attempt-store.js';
import { replayAndRestore } from './restore-tenant.js';
import { creditLatePayment, payInvoice } from './settle-offer.js';
import type { Settled } from './settle-offer.js';

/**
 * Books the money of one charge, whole or not at all, under the tenant's lock: the attempt succeeded, its invoice paid or,
 * when that was closed already (somebody paid the QR code meanwhile), a credit; ledger, message, what credit does to open
 * invoices, and the end of churn when none is left. A success clears the card's error.
 */
export async function settleCard(
  tx: Tx,
  { id, invoiceId, tenantPubkey, amountCents, paymentId }: CardAttempt & { paymentId: string },
  deps: AccountDeps,
): Promise<Settled> {
  const succeeded = await tx.collectionAttempt.updateMany({
    where: { id, state: { in: ['dispatched', 'unknown'] } },
    data: { state: 'succeeded', externalId: paymentId, resolvedAt: deps.clock.now(), nextCheckAt: null },
  });
  if (succeeded.count === 0) return { settlement: 'known', relays: true };

  const money = { id, invoiceId, tenantPubkey, amountCents, sats: undefined };
  const how = { method: 'stripe', deps } as const;
  const settlement = (await payInvoice(tx, money, how)) ? 'paid' : await creditLatePayment(tx, money, how);
  await tx.tenantBilling.updateMany({ where: { tenantPubkey }, data: { stripeError: null, stripeErrorAt: null } });
  return { settlement, relays: await replayAndRestore(tx, tenantPubkey, deps) };
}
