import type { Id, Pubkey } from '@caravel/domain';
import { inSqlTransaction } from '@caravel/platform-data-access';
import type { PrismaClient, Sql } from '@caravel/platform-data-access';
import type { AccountDeps } from './account.js';
import { claimDue } from './claim-due.js';
import type { BoundaryCursor, BoundaryPage } from './claim-due.js';
import { closePlain } from './close-plain.js';
import { replayAccounts } from './replay-accounts.js';

/** What one batch of the period close did. */
export interface ClosedPeriods {
  /** The last tenant it looked at, to go on after; null when there is nobody after it. */
  last: BoundaryCursor | null;
  /** Tenants closed by the one statement for all, and those that needed a replay of their own. */
  plain: number;
  replayed: number;
  invoiceIds: Id[];
}

/**
 * Closes the periods of a batch of due tenants in one transaction: locks them, passing by whom somebody else works on; writes
 * all plain closes in one statement; replays the others. Any number of closers may run side by side, and may be killed at any
 * point: each boundary is closed once, and a second run writes nothing.
 */
export function closePeriods(client: PrismaClient, page: BoundaryPage, deps: AccountDeps): Promise<ClosedPeriods> {
  return inSqlTransaction(client, async (tx) => {
    const now = deps.clock.now();
    // A batch is a sliver of each table: a plan that reads one whole is never right, and slower with every tenant.
    await tx.$executeRaw`SET LOCAL enable_seqscan = off`;
    const due = await claimDue(tx, page, now);
    const claimed = due.map(({ tenantPubkey }) => tenantPubkey);
    const closes = claimed.length === 0 ? [] : await closePlain(tx, claimed, { now, graceDays: deps.graceDays });
    const closed = new Set(closes.map(({ tenantPubkey }) => tenantPubkey));
    const others = await stillDue(tx, { tenantPubkeys: claimed.filter((claim) => !closed.has(claim)), now });
    const replays = others.length === 0 ? [] : await replayAccounts(tx, others, deps);

    const cut = closes.flatMap(({ invoiceId }) => invoiceId ?? []);
    return {
      last: due.length < page.limit ? null : (due.at(-1) ?? null),
      plain: closes.length,
      replayed: others.length,
      invoiceIds: [...cut, ...replays.flatMap(({ invoiceIds }) => invoiceIds)],
    };
  });
}

/** Without whom another closer was faster with, between our reading and our lock. */
async function stillDue(
  tx: Sql,
  { tenantPubkeys, now }: { tenantPubkeys: readonly Pubkey[]; now: Date },
): Promise<Pubkey[]> {
  if (tenantPubkeys.length === 0) return [];
  const rows = await tx.$queryRaw<{ pubkey: string }[]>`
    SELECT tenant_pubkey AS pubkey FROM tenant_billing
    WHERE tenant_pubkey = ANY(${[...tenantPubkeys]}::text[]) AND anchor IS NOT NULL AND period_end <= ${now}`;
  const due = new Set(rows.map(({ pubkey }) => pubkey));
  return tenantPubkeys.filter((tenantPubkey) => due.has(tenantPubkey));
}
