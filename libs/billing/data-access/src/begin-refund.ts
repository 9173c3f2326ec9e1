import type { Id, Pubkey } from '@caravel/domain';
import { lockTenant } from '@caravel/platform-data-access';
import type { Tx } from '@caravel/platform-data-access';
import type { AccountDeps } from './account.js';
import { replayAccounts } from './replay-accounts.js';

/** An admin's command to give credit back to the card it came from. */
export interface RefundCommand {
  commandId: string;
  tenantPubkey: Pubkey;
  actor: Pubkey;
  /** Positive. */
  amountCents: number;
  reason: string;
  /** From then on the sweep resolves it. */
  staleAt: Date;
}

/**
 * `known`: the command was done before. `conflict`: its id belongs to another command. `too-much`: the tenant has less credit,
 * or no single payment by card of which so much is left.
 */
export type RefundBegun =
  | { type: 'begun'; refund: { id: Id; amountCents: number; paymentId: string | null; sessionId: string | null } }
  | { type: 'known' | 'conflict' }
  | { type: 'too-much'; creditCents: number; largestPaymentCents: number };

/** Reserves credit and one payment by card under the tenant's lock: refunds that are under way count as done. */
export async function beginRefund(tx: Tx, command: RefundCommand, deps: AccountDeps): Promise<RefundBegun> {
  const { commandId, tenantPubkey, amountCents, actor, reason, staleAt } = command;
  await lockTenant(tx, tenantPubkey, deps);
  const known = await tx.refund.findFirst({ where: { commandId } });
  if (known) return { type: isSame(known, command) ? 'known' : 'conflict' };
  if ((await tx.invoiceItem.count({ where: { commandId } })) > 0) return { type: 'conflict' };

  // What is due by now was due before the command, whenever billing woke.
  await replayAccounts(tx, [tenantPubkey], deps);
  const creditCents = await freeCredit(tx, tenantPubkey);
  const payments = await refundable(tx, tenantPubkey);
  const payment = payments.find(({ left }) => left >= amountCents);
  if (creditCents < amountCents || !payment) {
    const largestPaymentCents = Math.max(0, ...payments.map(({ left }) => left));
    return { type: 'too-much', creditCents, largestPaymentCents };
  }

  const id = deps.newId();
  const { attempt_id: attemptId, offer_id: offerId, external_id: paymentId, checkout_session_id: sessionId } = payment;
  const row = { id, tenantPubkey, commandId, attemptId, offerId, amountCents, reason, actor, state: 'created' };
  await tx.refund.create({ data: { ...row, createdAt: deps.clock.now(), nextCheckAt: staleAt }, select: { id: true } });
  return { type: 'begun', refund: { id, amountCents, paymentId, sessionId } };
}

function isSame(
  known: { tenantPubkey: string; amountCents: number; reason: string },
  { tenantPubkey, amountCents, reason }: RefundCommand,
): boolean {
  return known.tenantPubkey === tenantPubkey && known.amountCents === amountCents && known.reason === reason;
}

/** What waits for an invoice, less the refunds that are under way. */
async function freeCredit(tx: Tx, tenantPubkey: Pubkey): Promise<number> {
  const [row] = await tx.$queryRaw<{ cents: number }[]>`
    SELECT (-coalesce((SELECT sum(amount_cents) FROM invoice_item
                       WHERE tenant_pubkey = ${tenantPubkey} AND invoice_id IS NULL AND voided_at IS NULL), 0)
            - coalesce((SELECT sum(amount_cents) FROM refund
                        WHERE tenant_pubkey = ${tenantPubkey} AND state IN ('created', 'dispatched', 'unknown')), 0))::int AS cents`;
  return row?.cents ?? 0;
}

/** Payments by card, newest first, and what of each was not given back. */
const refundable = (tx: Tx, tenantPubkey: Pubkey): Promise<Payment[]> => tx.$queryRaw<Payment[]>`
  WITH payment AS (
    SELECT id AS attempt_id, NULL::text AS offer_id, external_id, NULL::text AS checkout_session_id, amount_cents, resolved_at AS at
    FROM collection_attempt WHERE tenant_pubkey = ${tenantPubkey} AND rail = 'card' AND state = 'succeeded'
    UNION ALL SELECT NULL, id, NULL, checkout_session_id, amount_cents, settled_at
    FROM offer WHERE tenant_pubkey = ${tenantPubkey} AND kind = 'checkout' AND settled_at IS NOT NULL)
  SELECT payment.*, (payment.amount_cents - coalesce((
    SELECT sum(refund.amount_cents) FROM refund WHERE refund.state <> 'failed'
      AND (refund.attempt_id = payment.attempt_id OR refund.offer_id = payment.offer_id)), 0))::int AS "left"
  FROM payment ORDER BY payment.at DESC`;

interface Payment {
  attempt_id: string | null;
  offer_id: string | null;
  external_id: string | null;
  checkout_session_id: string | null;
  left: number;
}
