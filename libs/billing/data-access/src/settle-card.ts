import type { Sql } from '@caravel/platform-data-access';
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
  tx: Sql,
  { id, invoiceId, tenantPubkey, amountCents, paymentId }: CardAttempt & { paymentId: string },
  deps: AccountDeps,
): Promise<Settled> {
  const succeeded = await tx.$executeRaw`
    UPDATE collection_attempt
    SET state = 'succeeded', external_id = ${paymentId}, resolved_at = ${deps.clock.now()}, next_check_at = NULL
    WHERE id = ${id} AND state IN ('dispatched', 'unknown')`;
  if (succeeded === 0) return { settlement: 'known', relays: true };

  const money = { id, invoiceId, tenantPubkey, amountCents, sats: undefined };
  const how = { method: 'stripe', deps } as const;
  const settlement = (await payInvoice(tx, money, how)) ? 'paid' : await creditLatePayment(tx, money, how);
  await tx.$executeRaw`
    UPDATE tenant_billing SET stripe_error = NULL, stripe_error_at = NULL WHERE tenant_pubkey = ${tenantPubkey}`;
  return { settlement, relays: await replayAndRestore(tx, tenantPubkey, deps) };
}
