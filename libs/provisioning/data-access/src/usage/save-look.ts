import { unixSeconds } from '@caravel/domain';
import { addMessages, inTransaction } from '@caravel/platform-data-access';
import type { HistoryDeps, PrismaClient, Tx } from '@caravel/platform-data-access';
import type { CountedRelay } from './usage-store.js';

/**
 * One look: the relay's last sample, its day, a message when its members have just outgrown the plan, and when it is looked
 * at next. What a look doesn't know leaves what is known of the same day; a day on which anything happened stays one.
 * Nothing is repeated by writing it twice.
 */
export function saveLook(client: PrismaClient, look: UsageLook, deps: HistoryDeps): Promise<{ told: boolean }> {
  return inTransaction(client, async (tx) => {
    const now = deps.clock.now();
    const overSince = await writeSample(tx, look, now);
    // Before the relay's own rows: adding a message takes the tenant's lock, which is always the first of the two.
    if (overSince) await tellOverLimit(tx, { look, overSince }, deps);
    await writeDay(tx, look, now);
    await tx.$executeRaw`
      UPDATE relay_sync SET next_usage_at = ${look.nextAt}::timestamptz WHERE relay_id = ${look.relay.id}`;
    return { told: overSince !== null && look.relay.before.overLimitSince === null };
  });
}

/** Answers since when the relay has more members than its plan allows. */
async function writeSample(tx: Tx, look: UsageLook, now: Date): Promise<Date | null> {
  const { relay, events, members, bytes, newestEvent, membersHash } = look;
  const isOver = members === null ? null : relay.memberLimit !== null && members > relay.memberLimit;
  const since = isOver === true ? now : null;
  const [row] = await tx.$queryRaw<{ over_limit_since: Date | null }[]>`
    INSERT INTO relay_sample AS old
      (relay_id, sampled_at, events, members, bytes, newest_event, members_hash, over_limit_since)
    VALUES (${relay.id}, ${now}::timestamptz, ${events}::bigint, ${members}::bigint, ${bytes}::bigint, ${newestEvent},
            ${membersHash}, ${since}::timestamptz)
    ON CONFLICT (relay_id) DO UPDATE SET
      sampled_at = excluded.sampled_at,
      events = coalesce(excluded.events, old.events),
      members = coalesce(excluded.members, old.members),
      bytes = coalesce(excluded.bytes, old.bytes),
      newest_event = coalesce(excluded.newest_event, old.newest_event),
      members_hash = coalesce(excluded.members_hash, old.members_hash),
      over_limit_since = CASE WHEN ${isOver}::boolean IS NULL THEN old.over_limit_since
                              WHEN ${isOver}::boolean THEN coalesce(old.over_limit_since, excluded.over_limit_since) END
    RETURNING over_limit_since`;
  return row?.over_limit_since ?? null;
}

async function tellOverLimit(
  tx: Tx,
  { look: { relay, members }, overSince }: { look: UsageLook; overSince: Date },
  deps: HistoryDeps,
): Promise<void> {
  if (members === null || relay.memberLimit === null) return;
  const params = { relay_id: relay.id, relay_name: relay.name, members, member_limit: relay.memberLimit };
  // Unique by when it began: as long as it lasts it is told once.
  const subject = `${relay.id}:${unixSeconds(overSince)}`;
  await addMessages(tx, [{ tenantPubkey: relay.tenantPubkey, template: 'members-over-limit', subject, params }], deps);
}

async function writeDay(tx: Tx, { relay, events, members, bytes, active }: UsageLook, now: Date): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO relay_usage AS old (relay_id, day, events, members, bytes, active, sampled_at)
    VALUES (${relay.id}, (${now}::timestamptz AT TIME ZONE 'UTC')::date, ${events}::bigint, ${members}::bigint, ${bytes}::bigint,
            ${active}::boolean, ${now}::timestamptz)
    ON CONFLICT (relay_id, day) DO UPDATE SET
      events = coalesce(excluded.events, old.events),
      members = coalesce(excluded.members, old.members),
      bytes = coalesce(excluded.bytes, old.bytes),
      active = old.active IS TRUE OR coalesce(excluded.active, old.active),
      sampled_at = excluded.sampled_at`;
}

/** What one look saw; null where the relay does not tell. */
export interface UsageLook {
  relay: CountedRelay;
  events: bigint | null;
  members: number | null;
  bytes: bigint | null;
  newestEvent: string | null;
  membersHash: string | null;
  active: boolean | null;
  nextAt: Date;
}
