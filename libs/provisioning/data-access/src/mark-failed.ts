import type { Pubkey } from '@caravel/domain';
import { appendRelayFact, inTransaction, lockTenant, relayStore } from '@caravel/platform-data-access';
import type { HistoryDeps, PrismaClient, Tx } from '@caravel/platform-data-access';
import { releaseClaim } from './relay-claims.js';
import { SERVICE_NAME } from './service-name.js';
import type { RelayClaim } from './relay-claims.js';

/**
 * This attempt failed: its text, its number in the run and the time of the next one, and the claim given back. A run is
 * the failures since the relay's last other activity, so a change of the tenant begins a new one. The first failure of a
 * run and the giving-up append `fail_relay_sync`; those between update the row. Answers null, and counts nothing, when
 * the claim was lost or the desired state has changed meanwhile: what failed is no longer wanted.
 */
export function markFailed(
  client: PrismaClient,
  { claim, tenantPubkey, generation, error, retryAt }: FailedRelay,
  deps: HistoryDeps,
): Promise<RecordedFailure | null> {
  return inTransaction(client, async (tx) => {
    const history = await lockTenant(tx, tenantPubkey, deps);
    const before = await findSync(tx, claim);
    const relay = before && (await relayStore(tx).find(claim.relayId));
    if (relay?.generation !== generation) {
      await releaseClaim(tx, claim);
      return null;
    }

    // The last failure of a run leaves no next time, so a time beside that count was set to start afresh.
    const running = before?.latest === 'fail_relay_sync' && retryAt(before.failures) !== null;
    const failures = running ? before.failures + 1 : 1;
    const nextTryAt = retryAt(failures);
    await tx.$executeRaw`
      UPDATE relay_sync SET sync_error = ${error}, failures = ${failures}::int, claimed_until = NULL
      WHERE relay_id = ${claim.relayId}`;
    await tx.$executeRaw`UPDATE relay SET next_sync_at = ${nextTryAt}::timestamptz WHERE id = ${claim.relayId}`;
    if (failures === 1 || nextTryAt === null) {
      await appendRelayFact(tx, history, { relay, type: 'fail_relay_sync', actor: SERVICE_NAME });
    }
    return { failures, nextTryAt };
  });
}

async function findSync(tx: Tx, { relayId, until }: RelayClaim): Promise<SyncBefore | undefined> {
  const [row] = await tx.$queryRaw<SyncBefore[]>`
    SELECT failures, (SELECT type FROM activity WHERE resource_id = relay_id ORDER BY seq DESC LIMIT 1) AS latest
    FROM relay_sync WHERE relay_id = ${relayId} AND claimed_until = ${until}::timestamptz FOR UPDATE`;
  return row;
}

interface SyncBefore {
  failures: number;
  latest: string | null;
}

export interface FailedRelay {
  claim: RelayClaim;
  tenantPubkey: Pubkey;
  generation: number;
  /** What the tenant will read, free of secrets. */
  error: string;
  /** When to try again after so many failures in a row; null gives up. Pure. */
  retryAt: (failures: number) => Date | null;
}

export interface RecordedFailure {
  failures: number;
  nextTryAt: Date | null;
}
