import type { Pubkey, RelayStatus } from '@caravel/domain';
import { appendRelayFact, inTransaction, lockTenant } from '@caravel/platform-data-access';
import type { HistoryDeps, PrismaClient } from '@caravel/platform-data-access';
import { writeApplied } from './applied-config.js';
import type { JsonObject } from './json.js';
import { nextCheckAt } from './next-check-at.js';
import { SERVICE_NAME } from './service-name.js';
import type { RelayClaim } from './relay-claims.js';

/**
 * The relay shows the config of this generation: row, generation and `complete_relay_sync` in one transaction, and the
 * claim given back. Answers null, and writes nothing, when the claim was lost or the generation is recorded already; else
 * whether something newer is wanted by now.
 */
export function markSynced(
  client: PrismaClient,
  { claim, tenantPubkey, generation, config }: SyncedRelay,
  deps: HistoryDeps,
): Promise<{ newer: boolean } | null> {
  const applied = writeApplied({ config, waitingSince: null, pending: [] });
  return inTransaction(client, async (tx) => {
    // Locked first: what follows sees the plan and the status that this fact is about.
    const history = await lockTenant(tx, tenantPubkey, deps);
    const now = deps.clock.now();
    // A newer generation keeps its own time: it is due already.
    const [moved] = await tx.$queryRaw<MovedRelay[]>`
      WITH held AS (
        UPDATE relay_sync
        SET applied = ${applied}::jsonb, sync_error = '', failures = 0,
            first_synced_at = coalesce(first_synced_at, ${now}::timestamptz), last_synced_at = ${now}::timestamptz,
            claimed_until = NULL, check_at = ${nextCheckAt(claim.relayId, now)}::timestamptz
        WHERE relay_id = ${claim.relayId} AND claimed_until = ${claim.until}::timestamptz RETURNING relay_id)
      UPDATE relay
      SET applied_generation = ${generation}::int,
          next_sync_at = CASE WHEN generation = ${generation}::int THEN NULL ELSE next_sync_at END
      FROM held WHERE id = held.relay_id AND applied_generation < ${generation}::int AND deleted_at IS NULL
      RETURNING plan_id, status, generation > ${generation}::int AS newer`;
    if (!moved) return null;
    const relay = { id: claim.relayId, plan_id: moved.plan_id, status: moved.status };
    await appendRelayFact(tx, history, { relay, type: 'complete_relay_sync', actor: SERVICE_NAME });
    return { newer: moved.newer };
  });
}

interface MovedRelay {
  plan_id: string;
  status: RelayStatus;
  newer: boolean;
}

export interface SyncedRelay {
  claim: RelayClaim;
  tenantPubkey: Pubkey;
  /** The one that was read when the work began, not the one there is now. */
  generation: number;
  /** What zooid has now, without secrets. */
  config: JsonObject;
}
