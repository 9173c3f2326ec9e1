import { idSchema, pubkeySchema, relayHost } from '@caravel/domain';
import type { Id, Pubkey } from '@caravel/domain';
import type { HistoryDeps, PrismaClient } from '@caravel/platform-data-access';
import { saveLook } from './save-look.js';
import type { UsageLook } from './save-look.js';

export type UsageStore = ReturnType<typeof usageStore>;

/** When relays are looked at, and what was seen. Days are those of UTC. */
export function usageStore(client: PrismaClient, deps: HistoryDeps) {
  const { clock } = deps;
  return {
    /** Relays whose turn has come, the longest waiting first; they are nobody else's for `LEASE_MS`. */
    claimDue: async (limit: number): Promise<CountedRelay[]> => {
      await passBy(client, clock.now());
      return take(client, { now: clock.now(), limit });
    },
    save: (look: UsageLook): Promise<{ told: boolean }> => saveLook(client, look, deps),
    postpone: async (relayId: Id, until: Date): Promise<void> => {
      await client.$executeRaw`
        UPDATE relay_sync SET next_usage_at = ${until}::timestamptz WHERE relay_id = ${relayId}`;
    },
    totals: () => totals(client, clock.now()),
    forget: (before: Date, limit: number): Promise<number> =>
      client.$executeRaw`
        DELETE FROM relay_usage WHERE (relay_id, day) IN (
          SELECT relay_id, day FROM relay_usage WHERE day < (${before}::timestamptz AT TIME ZONE 'UTC')::date LIMIT ${limit}::int)`,
  };
}

/** A relay that doesn't run shows nothing: its days are gaps. One that is gone for good is not looked for again. */
async function passBy(client: PrismaClient, now: Date): Promise<void> {
  await client.$executeRaw`
    UPDATE relay_sync
    SET next_usage_at = CASE WHEN removed_at IS NULL THEN ${now}::timestamptz + interval '1 day' ELSE timestamptz '9999-12-31Z' END
    FROM relay
    WHERE relay.id = relay_sync.relay_id AND first_synced_at IS NOT NULL AND next_usage_at <= ${now}::timestamptz
      AND (status <> 'active' OR deleted_at IS NOT NULL)`;
}

async function take(client: PrismaClient, { now, limit }: { now: Date; limit: number }): Promise<CountedRelay[]> {
  const rows = await client.$queryRaw<CountedRow[]>`
    WITH due AS (
      SELECT relay_id FROM relay_sync WHERE first_synced_at IS NOT NULL AND next_usage_at <= ${now}::timestamptz
      ORDER BY next_usage_at LIMIT ${limit}::int FOR UPDATE SKIP LOCKED
    ), taken AS (
      UPDATE relay_sync SET next_usage_at = ${new Date(now.getTime() + LEASE_MS)}::timestamptz
      FROM due WHERE relay_sync.relay_id = due.relay_id RETURNING due.relay_id
    )
    SELECT relay.id, relay.tenant_pubkey, relay.info_name, relay.subdomain, relay.zooid_domain, relay.blossom_enabled, plan.members AS member_limit,
           events, newest_event, members_hash, over_limit_since
    FROM taken JOIN relay ON relay.id = taken.relay_id JOIN plan ON plan.id = relay.plan_id
      LEFT JOIN relay_sample ON relay_sample.relay_id = relay.id
    WHERE relay.status = 'active' AND relay.deleted_at IS NULL`;
  return rows.map(toCountedRelay);
}

function toCountedRelay(row: CountedRow): CountedRelay {
  const host = relayHost(row);
  return {
    id: idSchema.parse(row.id),
    tenantPubkey: pubkeySchema.parse(row.tenant_pubkey),
    name: row.info_name === '' ? host : row.info_name,
    host,
    hasFiles: row.blossom_enabled,
    memberLimit: row.member_limit,
    before: {
      events: row.events,
      newestEvent: row.newest_event,
      membersHash: row.members_hash,
      overLimitSince: row.over_limit_since,
    },
  };
}

async function totals(client: PrismaClient, now: Date): Promise<UsageTotals> {
  const [row] = await client.$queryRaw<UsageTotals[]>`
    SELECT count(*)::int AS relays, count(over_limit_since)::int AS "overLimit", coalesce(sum(events), 0)::float8 AS events,
           coalesce(sum(members), 0)::float8 AS members, coalesce(sum(bytes), 0)::float8 AS bytes,
           coalesce((
             SELECT extract(epoch FROM ${now}::timestamptz - greatest(next_usage_at, first_synced_at))
             FROM relay_sync WHERE first_synced_at IS NOT NULL AND next_usage_at <= ${now}::timestamptz
             ORDER BY next_usage_at LIMIT 1), 0)::float8 AS "lateS"
    FROM relay_sample JOIN relay ON relay.id = relay_sample.relay_id AND relay.deleted_at IS NULL`;
  return row ?? { relays: 0, overLimit: 0, events: 0, members: 0, bytes: 0, lateS: 0 };
}

/** Longer than any look takes. After a crash the relay's turn comes again. */
const LEASE_MS = 600_000;

export interface CountedRelay {
  id: Id;
  tenantPubkey: Pubkey;
  /** What a person calls it. */
  name: string;
  host: string;
  /** It may store files. */
  hasFiles: boolean;
  /** Of its plan; null: unlimited. */
  memberLimit: number | null;
  /** What the last look saw. */
  before: {
    events: bigint | null;
    newestEvent: string | null;
    membersHash: string | null;
    overLimitSince: Date | null;
  };
}

export interface UsageTotals {
  relays: number;
  overLimit: number;
  events: number;
  members: number;
  bytes: number;
  lateS: number;
}

interface CountedRow {
  id: string;
  tenant_pubkey: string;
  info_name: string;
  subdomain: string;
  zooid_domain: string;
  blossom_enabled: boolean;
  member_limit: number | null;
  events: bigint | null;
  newest_event: string | null;
  members_hash: string | null;
  over_limit_since: Date | null;
}
