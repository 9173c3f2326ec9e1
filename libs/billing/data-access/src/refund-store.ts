import { idSchema, pubkeySchema } from '@caravel/domain';
import type { Id, Pubkey } from '@caravel/domain';
import { inTransaction, lockTenant } from '@caravel/platform-data-access';
import type { PrismaClient } from '@caravel/platform-data-access';
import type { AccountDeps } from './account.js';
import { beginRefund } from './begin-refund.js';
import type { RefundBegun, RefundCommand } from './begin-refund.js';
import { post, refundPosting } from './ledger.js';
import { replayAccounts } from './replay-accounts.js';

/** Whoever claimed a refund and died leaves it to others after this. */
const CLAIM_MS = 60_000;

/** Money on its way back whose end nobody knows yet. */
export interface OpenRefund {
  id: Id;
  tenantPubkey: Pubkey;
  amountCents: number;
  state: 'created' | 'dispatched' | 'unknown';
  dispatchedAt: Date | null;
  /** What is given back: the PaymentIntent of a pull, or the Checkout page it was paid on. */
  paymentId: string | null;
  sessionId: string | null;
}

/** Refunds: an intent first, then Stripe, then the books. */
export function refundStore(client: PrismaClient, deps: AccountDeps) {
  const { clock } = deps;
  const open = { in: ['created', 'dispatched', 'unknown'] };
  return {
    /** Writes down that credit is about to be given back. Idempotent by `commandId`. Throws `tenant-missing`. */
    beginRefund: (command: RefundCommand): Promise<RefundBegun> =>
      inTransaction(client, (tx) => beginRefund(tx, command, deps)),

    /** Right before the request leaves. False when somebody resolved it meanwhile: then nothing may leave. */
    dispatchRefund: async (id: Id, { staleAt }: { staleAt: Date }): Promise<boolean> => {
      const moved = await client.refund.updateMany({
        where: { id, state: 'created' },
        data: { state: 'dispatched', dispatchedAt: clock.now(), nextCheckAt: staleAt },
      });
      return moved.count > 0;
    },

    markRefundUnknown: async (id: Id, { askAt }: { askAt: Date }): Promise<void> => {
      await client.refund.updateMany({
        where: { id, state: { in: ['dispatched', 'unknown'] } },
        data: { state: 'unknown', nextCheckAt: askAt },
      });
    },

    /** Stripe did not do it: the credit stays. */
    failRefund: async (id: Id, { error }: { error: string }): Promise<void> => {
      await client.refund.updateMany({
        where: { id, state: open },
        data: { state: 'failed', error, resolvedAt: clock.now(), nextCheckAt: null },
      });
    },

    /** Stripe gave the money back: the tenant's credit is smaller by it. Idempotent. */
    settleRefund: (id: Id, { externalId }: { externalId: string }): Promise<void> =>
      inTransaction(client, async (tx) => {
        const refund = await tx.refund.findUniqueOrThrow({ where: { id } });
        const { tenantPubkey } = await lockTenant(tx, pubkeySchema.parse(refund.tenantPubkey), deps);
        const now = clock.now();
        const settled = await tx.refund.updateMany({
          where: { id, state: { in: ['dispatched', 'unknown'] } },
          data: { state: 'succeeded', externalId, resolvedAt: now, nextCheckAt: null },
        });
        if (settled.count === 0) return;
        // The row's own id: a command may have several.
        const { amountCents, reason: description } = refund;
        const item = { tenantPubkey, commandId: id, amountCents, description, planId: '', kind: 'refund' };
        await tx.invoiceItem.create({ data: { ...item, id: deps.newId(), createdAt: now }, select: { id: true } });
        await post(tx, [refundPosting(id, { tenantPubkey, amountCents })], now);
        await replayAccounts(tx, [tenantPubkey], deps);
      }),

    /** Takes refunds that nobody resolved in time, for this process alone for a while. */
    claimRefunds: async ({ limit }: { limit: number }): Promise<OpenRefund[]> => {
      const now = clock.now();
      const rows = await client.$queryRaw<OpenRow[]>`
        WITH claimed AS (
          UPDATE refund SET next_check_at = ${new Date(now.getTime() + CLAIM_MS)}
          WHERE id IN (SELECT id FROM refund WHERE state IN ('created', 'dispatched', 'unknown') AND next_check_at <= ${now}
                       ORDER BY next_check_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)
          RETURNING *)
        SELECT claimed.id, claimed.tenant_pubkey, claimed.amount_cents, claimed.state, claimed.dispatched_at,
               attempt.external_id, offer.checkout_session_id
        FROM claimed LEFT JOIN collection_attempt attempt ON attempt.id = claimed.attempt_id
          LEFT JOIN offer ON offer.id = claimed.offer_id`;
      return rows.map(toOpen);
    },
  };
}

function toOpen(row: OpenRow): OpenRefund {
  return {
    id: idSchema.parse(row.id),
    tenantPubkey: pubkeySchema.parse(row.tenant_pubkey),
    amountCents: row.amount_cents,
    state: row.state,
    dispatchedAt: row.dispatched_at,
    paymentId: row.external_id,
    sessionId: row.checkout_session_id,
  };
}

interface OpenRow {
  id: string;
  tenant_pubkey: string;
  amount_cents: number;
  state: OpenRefund['state'];
  dispatched_at: Date | null;
  external_id: string | null;
  checkout_session_id: string | null;
}
