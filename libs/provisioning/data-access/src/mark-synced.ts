import type { Pubkey } from '@caravel/domain';
import { appendRelayFact, inTransaction, lockTenant, relayStore } from '@caravel/platform-data-access';
import type { HistoryDeps, PrismaClient } from '@caravel/platform-data-access';
import { writeApplied } from './applied-config.js';
import type { JsonObject } from './json.js';
import { nextCheckAt } from './next-check-at.js';
import { SERVICE_NAME } from './service-name.js';
import type { RelayClaim } from './relay-claims.js';

/**
 * The relay shows the config of this generation: row, generation and `complete_relay_sync` in one transaction, and the
 * claim given back. Answers false, and writes nothing, when the claim was lost or the generation is recorded already.
 */
export function markSynced(client: PrismaClient, synced: SyncedRelay, deps: HistoryDeps): Promise<boolean> {
  const { claim, tenantPubkey, generation, config } = synced;
  return inTransaction(client, async (tx) => {
    const history = await lockTenant(tx, tenantPubkey, deps);
    const now = deps.clock.now();
    const held = await tx.$executeRaw`
      UPDATE relay_sync
      SET applied = ${writeApplied({ config, waitingSince: null, pending: [] })}::jsonb, sync_error = '', failures = 0,
          first_synced_at = coalesce(first_synced_at, ${now}::timestamptz), last_synced_at = ${now}::timestamptz,
          claimed_until = NULL, check_at = ${nextCheckAt(claim.relayId, now)}::timestamptz
      WHERE relay_id = ${claim.relayId} AND claimed_until = ${claim.until}::timestamptz`;
    if (held === 0) return false;

    // A newer generation keeps its own time: it is due already.
    const moved = await tx.$executeRaw`
      UPDATE relay
      SET applied_generation = ${generation}::int,
          next_sync_at = CASE WHEN generation = ${generation}::int THEN NULL ELSE next_sync_at END
      WHERE id = ${claim.relayId} AND applied_generation < ${generation}::int`;
    const relay = moved === 0 ? null : await relayStore(tx).find(claim.relayId);
    if (!relay) return false;
    await appendRelayFact(tx, history, { relay, type: 'complete_relay_sync', actor: SERVICE_NAME });
    return true;
  });
}

export interface SyncedRelay {
  claim: RelayClaim;
  tenantPubkey: Pubkey;
  /** The one that was read when the work began, not the one there is now. */
  generation: number;
  /** What zooid has now, without secrets. */
  config: JsonObject;
}
