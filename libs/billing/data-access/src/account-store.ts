import { pubkeySchema } from '@caravel/domain';
import type { Pubkey } from '@caravel/domain';
import { inSqlTransaction } from '@caravel/platform-data-access';
import type { PrismaClient } from '@caravel/platform-data-access';
import type { AccountDeps } from './account.js';
import type { BoundaryCursor, BoundaryPage } from './claim-due.js';
import { closePeriods } from './close-periods.js';
import { lockAccounts } from './lock-accounts.js';
import { previewChange } from './preview-change.js';
import type { WantedRelay } from './preview-change.js';
import { replayAccounts } from './replay-accounts.js';

const CUSTOMER_CLAIM_MS = 5 * 60_000;

export type AccountStore = ReturnType<typeof accountStore>;

/** The books of tenants: replays, and who is due for one. */
export function accountStore(client: PrismaClient, deps: AccountDeps) {
  return {
    /**
     * Brings the books of these tenants up to now, all in one transaction. Idempotent; concurrent calls wait for each other,
     * or with `skipLocked` leave out who is being worked on. Tenants that don't exist are left out. Replay again while `more`.
     */
    replay: (tenantPubkeys: readonly Pubkey[], { skipLocked = false }: { skipLocked?: boolean } = {}) =>
      inSqlTransaction(client, async (tx) => {
        const locked = await lockAccounts(tx, tenantPubkeys, { skipLocked });
        return locked.length === 0 ? [] : replayAccounts(tx, locked, deps);
      }),

    /** What the books would say if this change were made now; null when there is no such relay or plan. Writes nothing. */
    preview: (wanted: WantedRelay) => previewChange(client, wanted, deps),

    /**
     * Closes the periods of the next `limit` tenants whose boundary has passed and on whom nobody else works, in one short
     * transaction. Idempotent. Goes on after `last`, until that is null.
     */
    closePeriods: (page: BoundaryPage) => closePeriods(client, page, deps),

    /** Tenants with facts that no replay has seen, in the order of their keys, after `after`. */
    withUnbilledFacts: async ({ after, limit }: { after: Pubkey | null; limit: number }): Promise<Pubkey[]> => {
      const rows = await client.$queryRaw<{ pubkey: string }[]>`
        SELECT DISTINCT tenant_pubkey AS pubkey FROM activity
        WHERE billed_at IS NULL AND resource_type = 'relay' AND tenant_pubkey > ${after ?? ''}
        ORDER BY tenant_pubkey LIMIT ${limit}`;
      return rows.map(({ pubkey }) => pubkeySchema.parse(pubkey));
    },

    /** Tenants whose running period has ended, the longest overdue first, after `after`. */
    pastBoundary: async ({ after, limit }: BoundaryPage): Promise<BoundaryCursor[]> => {
      const { periodEnd, tenantPubkey } = after ?? { periodEnd: new Date(0), tenantPubkey: '' };
      const rows = await client.$queryRaw<{ pubkey: string; period_end: Date }[]>`
        SELECT tenant_pubkey AS pubkey, period_end FROM tenant_billing
        WHERE anchor IS NOT NULL AND period_end <= ${deps.clock.now()}
          AND (period_end, tenant_pubkey) > (${periodEnd}, ${tenantPubkey})
        ORDER BY period_end, tenant_pubkey LIMIT ${limit}`;
      return rows.map((row) => ({ tenantPubkey: pubkeySchema.parse(row.pubkey), periodEnd: row.period_end }));
    },

    /** Has had a paid relay and no Stripe customer yet. */
    needsCustomer: async (tenantPubkey: Pubkey): Promise<boolean> => {
      const rows = await client.$queryRaw<unknown[]>`
        SELECT FROM tenant_billing JOIN tenant ON tenant.pubkey = tenant_pubkey AND tenant.deleted_at IS NULL
        WHERE tenant_pubkey = ${tenantPubkey} AND stripe_customer_id = '' AND period_start IS NOT NULL`;
      return rows.length > 0;
    },

    /** The same, to be given a customer by this process; others may try again in five minutes. */
    claimCustomerless: async ({ limit }: { limit: number }): Promise<Pubkey[]> => {
      const now = deps.clock.now();
      const rows = await client.$queryRaw<{ pubkey: string }[]>`
        UPDATE tenant_billing SET customer_try_at = ${new Date(now.getTime() + CUSTOMER_CLAIM_MS)}
        WHERE tenant_pubkey IN (
          SELECT tenant_pubkey FROM tenant_billing
          WHERE stripe_customer_id = '' AND period_start IS NOT NULL AND customer_try_at <= ${now}
            AND EXISTS (SELECT FROM tenant WHERE pubkey = tenant_pubkey AND deleted_at IS NULL)
          ORDER BY customer_try_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)
        RETURNING tenant_pubkey AS pubkey`;
      return rows.map(({ pubkey }) => pubkeySchema.parse(pubkey));
    },

    /** Keeps the first one: a customer never changes. */
    saveCustomer: async (tenantPubkey: Pubkey, stripeCustomerId: string): Promise<void> => {
      await client.$executeRaw`
        INSERT INTO tenant_billing (tenant_pubkey, stripe_customer_id) VALUES (${tenantPubkey}, ${stripeCustomerId})
        ON CONFLICT (tenant_pubkey) DO UPDATE SET stripe_customer_id = excluded.stripe_customer_id
        WHERE tenant_billing.stripe_customer_id = ''`;
    },
  };
}
