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
 * `begun`: what no payment by card covers is left out, and is the tenant's credit as before. `known`: the command was done
 * before. `conflict`: its id belongs to another command. `too-much`: the tenant has less credit, or paid nothing by card.
 */
export type RefundBegun =
  | { type: 'begun'; refunds: BegunRefund[]; uncoveredCents: number }
  | { type: 'known'; uncoveredCents: number }
  | { type: 'conflict' }
  | { type: 'too-much'; creditCents: number; coveredCents: number };

export interface BegunRefund {
  id: Id;
  amountCents: number;
  paymentId: string | null;
  sessionId: string | null;
}

/**
 * Reserves credit and payments by card, newest first and one row for each, under the tenant's lock: refunds that are under way
 * count as done.
 */
export async function beginRefund(tx: Tx, command: RefundCommand, deps: AccountDeps): Promise<RefundBegun> {
  const { commandId, tenantPubkey, amountCents, actor, reason, staleAt } = command;
  const history = await lockTenant(tx, tenantPubkey, deps);
  const known = await tx.refund.findMany({ where: { commandId } });
  if (known[0])
    return isSame(known[0], command)
      ? { type: 'known', uncoveredCents: amountCents - sumOf(known.filter(({ state }) => state !== 'failed')) }
      : { type: 'conflict' };
  if ((await tx.invoiceItem.count({ where: { commandId } })) > 0) return { type: 'conflict' };

  // What is due by now was due before the command, whenever billing woke.
  await replayAccounts(tx, [tenantPubkey], deps);
  const creditCents = await freeCredit(tx, tenantPubkey);
  const parts = split(await refundable(tx, tenantPubkey), amountCents);
  const coveredCents = sumOf(parts);
  if (creditCents < amountCents || coveredCents === 0) return { type: 'too-much', creditCents, coveredCents };

  const shared = { tenantPubkey, commandId, askedCents: amountCents, reason, actor, state: 'created' };
  const at = { createdAt: deps.clock.now(), nextCheckAt: staleAt };
  const rows = parts.map(({ payment, amountCents: cents }, index) => ({
    ...{ ...shared, ...at, id: deps.newId(), part: index + 1, amountCents: cents },
    ...{ attemptId: payment.attempt_id, offerId: payment.offer_id },
  }));
  await tx.refund.createMany({ data: rows });
  await history.append({
    type: 'update_tenant',
    resourceType: 'tenant',
    resourceId: tenantPubkey,
    actor,
    snapshot: null,
  });
  const refunds = rows.map(({ id, amountCents: cents }, index) => ({
    ...{ id, amountCents: cents },
    ...{
      paymentId: parts[index]?.payment.external_id ?? null,
      sessionId: parts[index]?.payment.checkout_session_id ?? null,
    },
  }));
  return { type: 'begun', refunds, uncoveredCents: amountCents - coveredCents };
}

/** As much of each payment as is wanted and left. */
function split(payments: readonly Payment[], amountCents: number): { payment: Payment; amountCents: number }[] {
  let wanted = amountCents;
  return payments.flatMap((payment) => {
    const part = Math.min(wanted, Math.max(0, payment.left));
    wanted -= part;
    return part > 0 ? [{ payment, amountCents: part }] : [];
  });
}

const sumOf = (parts: readonly { amountCents: number }[]): number =>
  parts.reduce((sum, part) => sum + part.amountCents, 0);

function isSame(
  known: { tenantPubkey: string; askedCents: number | null; amountCents: number; reason: string },
  { tenantPubkey, amountCents, reason }: RefundCommand,
): boolean {
  const askedCents = known.askedCents ?? known.amountCents;
  return known.tenantPubkey === tenantPubkey && askedCents === amountCents && known.reason === reason;
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
