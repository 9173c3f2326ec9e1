import { fromUnixSeconds, unixSeconds } from '@caravel/domain';
import type { Pubkey } from '@caravel/domain';
import type { HistoryDeps, PrismaClient } from '@caravel/platform-data-access';
import { writeApplied } from './applied-config.js';
import type { JsonObject } from './json.js';
import { nextCheckAt } from './next-check-at.js';
import { SERVICE_NAME } from './service-name.js';
import type { RelayClaim } from './relay-claims.js';

/**
 * The relay shows the config of this generation: row, generation and `complete_relay_sync` in one statement, and the claim
 * given back. Answers null, and writes nothing, when the claim was lost or the generation is recorded already; else whether
 * something newer is wanted by now.
 *
 * One statement, although its picture of the database is older than the tenant's lock it waits for: all it needs of a row
 * comes from updating that row, and PostgreSQL updates the newest version. Each part reads from the one before, so the
 * tenant's lock is the first, as everywhere.
 */
export async function markSynced(
  client: PrismaClient,
  { claim, tenantPubkey, generation, config }: SyncedRelay,
  deps: HistoryDeps,
): Promise<{ newer: boolean } | null> {
  const applied = writeApplied({ config, waitingSince: null, pending: [] });
  const now = deps.clock.now();
  // A newer generation keeps its own time: it is due already.
  const [synced] = await client.$queryRaw<{ newer: boolean }[]>`
    WITH locked AS MATERIALIZED (
      SELECT pubkey FROM tenant_history WHERE pubkey = ${tenantPubkey} FOR UPDATE),
    held AS (
      UPDATE relay_sync
      SET applied = ${applied}::jsonb, sync_error = '', failures = 0,
          first_synced_at = coalesce(first_synced_at, ${now}::timestamptz), last_synced_at = ${now}::timestamptz,
          claimed_until = NULL, check_at = ${nextCheckAt(claim.relayId, now)}::timestamptz
      FROM locked
      WHERE relay_id = ${claim.relayId} AND claimed_until = ${claim.until}::timestamptz RETURNING relay_id),
    moved AS (
      UPDATE relay
      SET applied_generation = ${generation}::int,
          next_sync_at = CASE WHEN generation = ${generation}::int THEN NULL ELSE next_sync_at END
      FROM held WHERE id = held.relay_id AND applied_generation < ${generation}::int AND deleted_at IS NULL
      RETURNING id, tenant_pubkey, plan_id, status, generation > ${generation}::int AS newer),
    fact AS (
      UPDATE tenant_history SET seq = seq + 1, at = greatest(at, ${fromUnixSeconds(unixSeconds(now))}::timestamptz)
      FROM moved WHERE pubkey = moved.tenant_pubkey RETURNING seq, at),
    added AS (
      INSERT INTO activity (id, tenant_pubkey, seq, at, type, resource_type, resource_id, actor, snapshot)
      SELECT ${deps.newId()}, moved.tenant_pubkey, fact.seq, fact.at, 'complete_relay_sync', 'relay', moved.id, ${SERVICE_NAME},
        jsonb_build_object('plan_id', plan.id, 'amount_cents', plan.amount_cents, 'status', moved.status, 'provisioned', true)
      FROM moved CROSS JOIN fact JOIN plan ON plan.id = moved.plan_id)
    SELECT newer FROM moved`;
  return synced ?? null;
}

export interface SyncedRelay {
  claim: RelayClaim;
  tenantPubkey: Pubkey;
  /** The one that was read when the work began, not the one there is now. */
  generation: number;
  /** What zooid has now, without secrets. */
  config: JsonObject;
}
