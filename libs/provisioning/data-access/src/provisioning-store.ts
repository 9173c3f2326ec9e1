import { idSchema } from '@caravel/domain';
import type { Id, Relay } from '@caravel/domain';
import { toRelay } from '@caravel/platform-data-access';
import type { HistoryDeps, PrismaClient } from '@caravel/platform-data-access';
import { adoptInfo } from './adopt-info.js';
import type { AdoptedInfo } from './adopt-info.js';
import { readApplied, writeApplied } from './applied-config.js';
import type { AppliedConfig } from './applied-config.js';
import type { JsonObject } from './json.js';
import { checkStore } from './check-store.js';
import { markFailed } from './mark-failed.js';
import type { FailedRelay, RecordedFailure } from './mark-failed.js';
import { markSynced } from './mark-synced.js';
import type { SyncedRelay } from './mark-synced.js';
import { ClaimLostError, releaseClaim, takeClaim, takeCheckClaim } from './relay-claims.js';
import type { RelayClaim, SyncRow } from './relay-claims.js';
import { instanceOfRow, placeStore } from './relay-place.js';
import { ensureRelaySecret } from './relay-secret.js';
import type { RelaySecretBox } from './relay-secret-box.js';

export type ProvisioningStore = ReturnType<typeof provisioningStore>;

/** How far zooid is with every relay. All writes happen under a claim, which is also what they name. */
export function provisioningStore(client: PrismaClient, deps: ProvisioningStoreDeps) {
  const { clock, secretBox, leaseMs = 20_000 } = deps;
  return {
    ...checkStore(client, deps),
    ...placeStore(client),
    /** Relays with due work that nobody has claimed, those that wait longest first. An index scan over due rows. */
    due: async (limit: number, heldBack: readonly string[] = []): Promise<Id[]> => {
      const now = clock.now();
      const rows = await client.$queryRaw<{ id: string }[]>`
        SELECT relay.id FROM relay LEFT JOIN relay_sync ON relay_sync.relay_id = relay.id
        WHERE applied_generation < generation AND next_sync_at <= ${now}::timestamptz AND deleted_at IS NULL
          AND (claimed_until IS NULL OR claimed_until <= ${now}::timestamptz) AND moving IS NOT TRUE
          AND coalesce(instance, '') <> ALL (${heldBack}::text[])
        ORDER BY next_sync_at LIMIT ${limit}::int`;
      return rows.map(({ id }) => idSchema.parse(id));
    },

    /** Takes a relay that is due to work on it alone, over all processes; null when it isn't due or somebody has it. */
    claim: async (relayId: Id): Promise<ClaimedRelay | null> => {
      const claimed = await takeClaim(client, relayId, { clock, leaseMs });
      return claimed && load(client, claimed);
    },
    /** The same, to look at a synced relay whose time has come. */
    claimCheck: async (relayId: Id): Promise<ClaimedRelay | null> => {
      const claimed = await takeCheckClaim(client, relayId, { clock, leaseMs });
      return claimed && load(client, claimed);
    },
    release: (claim: RelayClaim): Promise<void> => releaseClaim(client, claim),
    /** Gives the claim back, with nothing due before `until` unless the desired state changes. */
    postpone: async ({ claim, generation, until }: PostponedRelay): Promise<void> => {
      await client.$executeRaw`
        WITH held AS (
          UPDATE relay_sync SET claimed_until = NULL
          WHERE relay_id = ${claim.relayId} AND claimed_until = ${claim.until}::timestamptz RETURNING relay_id)
        UPDATE relay SET next_sync_at = ${until}::timestamptz
        FROM held WHERE id = held.relay_id AND generation = ${generation}::int`;
    },
    /** Takes over what the owner changed at zooid. @throws ClaimLostError */
    adopt: (adopted: AdoptedInfo): Promise<Relay> => adoptInfo(client, adopted, deps),

    /** The relay's secret key, 64 hex digits; made and stored (sealed) at first need. */
    secret: (claim: RelayClaim): Promise<string> => ensureRelaySecret(client, claim, secretBox),

    /** Writes down what zooid is known to have; null when nothing is. @throws ClaimLostError */
    noteKnown: async ({ relayId, until }: RelayClaim, config: JsonObject | null): Promise<void> => {
      const applied = config && writeApplied({ config, waitingSince: null, pending: [] });
      const held = await client.$executeRaw`
        UPDATE relay_sync SET applied = ${applied}::jsonb
        WHERE relay_id = ${relayId} AND claimed_until = ${until}::timestamptz`;
      if (held === 0) throw new ClaimLostError();
    },

    /** zooid has accepted `config`, the relay doesn't show it yet: look again at `recheckAt`. Gives the claim back. */
    markWaiting: async ({ claim, generation, config, since, recheckAt, pending }: WaitingRelay): Promise<void> => {
      const applied = writeApplied({ config, waitingSince: since, pending });
      const held = await client.$executeRaw`
        UPDATE relay_sync SET applied = ${applied}::jsonb, claimed_until = NULL
        WHERE relay_id = ${claim.relayId} AND claimed_until = ${claim.until}::timestamptz`;
      if (held === 0) return;
      await client.$executeRaw`
        UPDATE relay SET next_sync_at = ${recheckAt}::timestamptz
        WHERE id = ${claim.relayId} AND generation = ${generation}::int`;
    },
    markSynced: (synced: SyncedRelay): Promise<{ newer: boolean } | null> => markSynced(client, synced, deps),
    markFailed: (failed: FailedRelay): Promise<RecordedFailure | null> => markFailed(client, failed, deps),
  };
}

async function load(
  client: PrismaClient,
  { claim, row }: { claim: RelayClaim; row: SyncRow },
): Promise<ClaimedRelay | null> {
  const found = await client.relay.findUnique({ where: { id: claim.relayId } });
  if (!found) return null;
  const relay = toRelay({ ...found, sync: { syncError: row.sync_error } });
  const { config = null, waitingSince = null, pending = [] } = readApplied(row.applied) ?? {};
  const instance = instanceOfRow({ instance: row.instance, sealedSecret: row.sealed_secret });
  const everSynced = row.first_synced_at !== null;
  return { claim, relay, instance, known: config, waitingSince, pending, createdAt: row.created_at, everSynced };
}

/** A relay to work on. */
export interface ClaimedRelay {
  claim: RelayClaim;
  relay: Relay;
  /** The zooid that has it; null while none was chosen. */
  instance: string | null;
  /** What zooid is known to have, without secrets; null when nothing is known, as before the first POST. */
  known: JsonObject | null;
  /** Since when zooid has all of `known` and the relay doesn't show it. */
  waitingSince: Date | null;
  /** What it was told then and may not show yet. */
  pending: AppliedConfig['pending'];
  createdAt: Date;
  /** zooid has shown it before. */
  everSynced: boolean;
}

export interface WaitingRelay extends Omit<SyncedRelay, 'tenantPubkey'> {
  since: Date;
  recheckAt: Date;
  pending: AppliedConfig['pending'];
}

export interface PostponedRelay {
  claim: RelayClaim;
  generation: number;
  until: Date;
}

export interface ProvisioningStoreDeps extends HistoryDeps {
  secretBox: RelaySecretBox;
  /** How long a claim holds when nobody gives it back. Longer than the longest work under one claim. */
  leaseMs?: number;
}
