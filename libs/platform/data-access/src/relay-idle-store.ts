import { AppError, idSchema, pubkeySchema, relayHost, relayStatusSchema, unixSeconds } from '@caravel/domain';
import type { Id, Pubkey, RelayStatus } from '@caravel/domain';
import type { Db } from './database.js';
import { Prisma } from './generated/client.js';
import type { HistoryDeps } from './history.js';
import { addMessages } from './message-rows.js';
import { lockOwner } from './relay-removal.js';

/** Everything that decides whether anybody uses a relay, as it is now. */
export interface RelayUse {
  relayId: Id;
  tenantPubkey: Pubkey;
  /** What a person calls it. */
  name: string;
  status: RelayStatus;
  isFree: boolean;
  /** zooid has heard of the last change. */
  isSynced: boolean;
  /** The last sign of life: something happened at the relay, or its tenant or an admin changed it. */
  lastUsedAt: Date;
  /** Days since then on which somebody looked and nothing had happened. A day without a look is none of them. */
  quietDays: number;
  /** The last look that found nothing new. */
  lastQuietAt: Date | null;
  idle: RelayIdle | null;
}

/** A relay that nobody uses, on its way to the end. */
export interface RelayIdle {
  /** When it was used last. */
  since: Date;
  announcedAt: Date;
  stopAt: Date;
  stoppedAt: Date | null;
  deleteAt: Date | null;
  /** When the message of this stage had reached the tenant, or was given up; null while it is on its way. */
  toldAt: Date | null;
}

export type RelayIdleStore = ReturnType<typeof relayIdleStore>;

/** Relays that nobody uses. What follows from that is the caller's to decide. */
export function relayIdleStore(db: Db, deps: HistoryDeps) {
  return {
    /** Relays that are to be looked at, the longest waiting first. */
    due: (now: Date, limit: number): Promise<RelayUse[]> =>
      uses(
        db,
        Prisma.sql`
          SELECT ${RELAY} FROM relay WHERE deleted_at IS NULL AND idle_check_at <= ${now}::timestamptz
          ORDER BY idle_check_at LIMIT ${limit}::int`,
      ),

    /** Under its tenant's lock, which is taken; null when there is no such relay any more. */
    locked: async (relayId: Id): Promise<RelayUse | null> => {
      try {
        await lockOwner(db, relayId, deps);
      } catch (error) {
        if (error instanceof AppError && error.code === 'not-found') return null;
        throw error;
      }
      const [use] = await uses(db, Prisma.sql`SELECT ${RELAY} FROM relay WHERE deleted_at IS NULL AND id = ${relayId}`);
      return use ?? null;
    },

    /** When these are looked at next. Waits for nobody: a row that is being written keeps its turn. */
    lookAgain: async (turns: readonly { relayId: Id; at: Date }[]): Promise<void> => {
      await db.$executeRaw`
        WITH turn AS (
          SELECT relay.id, asked.at FROM relay
          JOIN json_to_recordset(${JSON.stringify(turns)}::json) AS asked("relayId" text, at timestamptz) ON asked."relayId" = relay.id
          FOR UPDATE OF relay SKIP LOCKED
        )
        UPDATE relay SET idle_check_at = turn.at FROM turn WHERE relay.id = turn.id`;
    },

    /** Under the lock: the beginning, and the tenant is told. */
    announce: async (
      use: RelayUse,
      { announcedAt, stopAt }: Pick<RelayIdle, 'announcedAt' | 'stopAt'>,
    ): Promise<void> => {
      await db.relayIdle.create({ data: { relayId: use.relayId, since: use.lastUsedAt, announcedAt, stopAt } });
      await tell(db, use, { template: 'relay-idle', idle: { announcedAt, stopAt }, deps });
    },

    /** Under the lock: it does not run any more, and the tenant is told. */
    markStopped: async (use: RelayUse, stopped: { stoppedAt: Date; deleteAt: Date }): Promise<void> => {
      const idle = await db.relayIdle.update({ where: { relayId: use.relayId }, data: stopped });
      await tell(db, use, { template: 'relay-idle-stopped', idle, deps });
    },

    /** Under the lock: it was deleted, and the tenant is told. */
    markDeleted: async (use: RelayUse): Promise<void> => {
      const idle = await db.relayIdle.delete({ where: { relayId: use.relayId } });
      await tell(db, use, { template: 'relay-idle-deleted', idle, deps });
    },

    /** It is used again, or not what this is for. */
    end: async (relayId: Id): Promise<void> => {
      await db.relayIdle.deleteMany({ where: { relayId } });
    },

    /** Nobody is asked to leave any more. */
    endAll: async (): Promise<void> => {
      await db.relayIdle.deleteMany();
    },
  };
}

const RELAY = Prisma.sql`
  id, tenant_pubkey, info_name, subdomain, zooid_domain, status, plan_id, generation, applied_generation, created_at, idle_check_at`;

/**
 * What is known of each of the relays that `of` selects. A sign of life is a look that found one, or a command of a person
 * (their keys are 64 characters long, the names of services are not); also what an owner changed at the relay itself.
 */
async function uses(db: Db, of: Prisma.Sql): Promise<RelayUse[]> {
  const rows = await db.$queryRaw<UseRow[]>`
    SELECT relay.id, relay.tenant_pubkey, relay.info_name, relay.subdomain, relay.zooid_domain, relay.status,
           plan.amount_cents = 0 AS is_free, relay.applied_generation >= relay.generation AS is_synced,
           life.last_used_at, quiet.days AS quiet_days, quiet.last_at AS last_quiet_at,
           idle.since, idle.announced_at, idle.stop_at, idle.stopped_at, idle.delete_at, coalesce(sent_at, undeliverable_at) AS told_at
    FROM (${of}) AS relay
    JOIN plan ON plan.id = relay.plan_id
    CROSS JOIN LATERAL (SELECT greatest(
      relay.created_at,
      (SELECT at FROM activity WHERE resource_id = relay.id AND (length(actor) = 64 OR type = 'update_relay')
       ORDER BY seq DESC LIMIT 1),
      (SELECT sampled_at FROM relay_usage WHERE relay_id = relay.id AND active ORDER BY day DESC LIMIT 1)
    ) AS last_used_at) AS life
    CROSS JOIN LATERAL (
      SELECT count(*)::int AS days, max(sampled_at) AS last_at FROM relay_usage
      WHERE relay_id = relay.id AND active = false AND day > (life.last_used_at AT TIME ZONE 'UTC')::date
    ) AS quiet
    LEFT JOIN relay_idle AS idle ON idle.relay_id = relay.id
    LEFT JOIN message ON message.tenant_pubkey = relay.tenant_pubkey
      AND message.template = CASE WHEN idle.stopped_at IS NULL THEN 'relay-idle' ELSE 'relay-idle-stopped' END
      AND message.subject = relay.id || ':' || floor(extract(epoch FROM idle.announced_at))::bigint
    ORDER BY relay.idle_check_at`;
  return rows.map(toUse);
}

function toUse(row: UseRow): RelayUse {
  const { since, announced_at: announcedAt, stop_at: stopAt } = row;
  return {
    relayId: idSchema.parse(row.id),
    tenantPubkey: pubkeySchema.parse(row.tenant_pubkey),
    name: row.info_name === '' ? relayHost(row) : row.info_name,
    status: relayStatusSchema.parse(row.status),
    isFree: row.is_free,
    isSynced: row.is_synced,
    lastUsedAt: row.last_used_at,
    quietDays: row.quiet_days,
    lastQuietAt: row.last_quiet_at,
    idle:
      since && announcedAt && stopAt
        ? { since, announcedAt, stopAt, stoppedAt: row.stopped_at, deleteAt: row.delete_at, toldAt: row.told_at }
        : null,
  };
}

async function tell(
  db: Db,
  { relayId, tenantPubkey, name }: RelayUse,
  { template, idle, deps }: Telling,
): Promise<void> {
  // One message for each stage of each time, however often this is done.
  const subject = `${relayId}:${unixSeconds(idle.announcedAt)}`;
  const params = {
    relay_id: relayId,
    relay_name: name,
    stop_at: unixSeconds(idle.stopAt),
    ...(idle.deleteAt && { delete_at: unixSeconds(idle.deleteAt) }),
  };
  await addMessages(db, [{ tenantPubkey, template, subject, params }], deps);
}

interface Telling {
  template: string;
  idle: { announcedAt: Date; stopAt: Date; deleteAt?: Date | null };
  deps: HistoryDeps;
}

interface UseRow {
  id: string;
  tenant_pubkey: string;
  info_name: string;
  subdomain: string;
  zooid_domain: string;
  status: string;
  is_free: boolean;
  is_synced: boolean;
  last_used_at: Date;
  quiet_days: number;
  last_quiet_at: Date | null;
  since: Date | null;
  announced_at: Date | null;
  stop_at: Date | null;
  stopped_at: Date | null;
  delete_at: Date | null;
  told_at: Date | null;
}
