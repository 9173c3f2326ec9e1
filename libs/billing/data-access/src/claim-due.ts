import { pubkeySchema } from '@caravel/domain';
import type { Pubkey } from '@caravel/domain';
import type { Sql } from '@caravel/platform-data-access';

/** A tenant in the order of the ends of running periods. */
export interface BoundaryCursor {
  tenantPubkey: Pubkey;
  periodEnd: Date;
}

export interface BoundaryPage {
  /** Only those after it; null from the beginning. */
  after: BoundaryCursor | null;
  limit: number;
}

/**
 * Takes the history rows of tenants whose period has ended, the longest overdue first, passing by whom somebody else works
 * on. What it read is older than its locks (another closer may have been faster), so whoever writes looks again.
 */
export async function claimDue(tx: Sql, { after, limit }: BoundaryPage, now: Date): Promise<BoundaryCursor[]> {
  const { periodEnd, tenantPubkey } = after ?? { periodEnd: new Date(0), tenantPubkey: '' };
  const rows = await tx.$queryRaw<{ pubkey: string; period_end: Date }[]>`
    SELECT history.pubkey, billing.period_end
    FROM tenant_billing billing JOIN tenant_history history ON history.pubkey = billing.tenant_pubkey
    WHERE billing.anchor IS NOT NULL AND billing.period_end <= ${now}
      AND (billing.period_end, billing.tenant_pubkey) > (${periodEnd}::timestamptz, ${tenantPubkey})
    ORDER BY billing.period_end, billing.tenant_pubkey LIMIT ${limit} FOR UPDATE OF history SKIP LOCKED`;
  return rows.map((row) => ({ tenantPubkey: pubkeySchema.parse(row.pubkey), periodEnd: row.period_end }));
}
