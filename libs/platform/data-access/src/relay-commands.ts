import { AppError, relaySchema } from '@caravel/domain';
import type { ActivityType, Clock, Id, NewId, Pubkey, Relay, RelaySettings, RelayStatus } from '@caravel/domain';
import { inSqlTransaction, violatedKey } from './database.js';
import type { Db } from './database.js';
import { lockTenant, nextFact } from './history.js';
import type { LockedHistory } from './history.js';
import { isLive, noAccount } from './live-tenant.js';
import { isKept, lockOwner, noSuchRelay, removeRelay } from './relay-removal.js';
import { readRelay, relayColumns, toColumns, toRelay } from './relay-row.js';
import type { RelayRow } from './relay-row.js';
import { insertColumns, setColumns } from './sql/columns.js';
import type { Sql } from './sql/sql.js';
import { checkHold, holdName } from './subdomain-hold.js';

/** What a rule about a tenant's relays may look at, read under the tenant's lock. */
export interface TenantRelays {
  churned: boolean;
  /** Relays that are not deleted, in whatever status. */
  count: number;
  freeCount: number;
}

/** What a command decided. `null` for "nothing changes": no activity, no generation. */
export interface RelayChange {
  type: ActivityType;
  settings?: Partial<RelaySettings>;
  status?: RelayStatus;
}

export interface NewRelay {
  tenantPubkey: Pubkey;
  actor: string;
  settings: RelaySettings;
}

export type RelayCommands = ReturnType<typeof relayCommands>;

/**
 * The writes of relays. The rule comes from the caller as a pure function and runs under the tenant's lock, so that what
 * it saw still holds when the row is written; it throws an AppError to refuse.
 */
export function relayCommands(db: Db, deps: { clock: Clock; newId: NewId }) {
  return {
    create: (relay: NewRelay, check: (relays: TenantRelays) => void): Promise<Relay> =>
      refusingTakenNames(() =>
        inSqlTransaction(db, async (tx) => {
          const history = await lockTenant(tx, relay.tenantPubkey, deps);
          if (!(await isLive(tx, relay.tenantPubkey))) throw noAccount();
          check(await relaysOf(tx, relay.tenantPubkey));
          return insert(tx, history, { relay, deps });
        }),
      ),

    /** Takes a relay out of sight; `restore` brings it back for 30 days. Throws `not-found` and what `check` throws. */
    remove: (target: { id: Id; actor: string }, check: (relay: Relay) => void): Promise<Relay> =>
      removeRelay(db, target, { check, deps }),

    /** Brings a deleted relay back, changed as decided. Throws `not-found`, and `subdomain-exists` when its name is taken again. */
    restore: (
      { id, actor }: { id: Id; actor: string },
      decide: (relay: Relay, relays: TenantRelays) => RelayChange,
    ): Promise<Relay> =>
      refusingTakenNames(() =>
        inSqlTransaction(db, async (tx) => {
          const now = deps.clock.now();
          const history = await lockOwner(tx, id, deps);
          if (!(await isKept(tx, id, now)) || !(await isLive(tx, history.tenantPubkey))) throw noSuchRelay();
          const relays = await relaysOf(tx, history.tenantPubkey);
          await tx.$executeRaw`UPDATE relay SET deleted_at = NULL, custom_domain_verified = false WHERE id = ${id}`;
          const relay = await findLocked(tx, id);
          return update(tx, history, { relay, change: decide(relay, relays), actor, now });
        }),
      ),

    /** Throws `not-found`. A change of the name keeps the old one for its owner for 30 days. */
    change: (
      { id, actor }: { id: Id; actor: string },
      decide: (relay: Relay, relays: TenantRelays) => RelayChange | null,
    ): Promise<Relay> =>
      refusingTakenNames(() =>
        inSqlTransaction(db, async (tx) => {
          const history = await lockOwner(tx, id, deps);
          const relay = await findLocked(tx, id);
          const change = decide(relay, await relaysOf(tx, relay.tenantPubkey));
          return change ? update(tx, history, { relay, change, actor, now: deps.clock.now() }) : relay;
        }),
      ),
  };
}

async function insert(
  tx: Sql,
  history: LockedHistory,
  { relay, deps }: { relay: NewRelay; deps: { clock: Clock; newId: NewId } },
): Promise<Relay> {
  const id = deps.newId();
  const now = deps.clock.now();
  const { names, values } = insertColumns({
    ...toColumns(relay.settings),
    id,
    tenantPubkey: relay.tenantPubkey,
    schema: relaySchema(id),
    status: 'active',
    nextSyncAt: now,
    createdAt: now,
  });
  const row = written(
    await tx.$queryRaw<WrittenRow[]>`INSERT INTO relay (${names}) VALUES (${values}) RETURNING ${relayColumns}`,
  );
  // After the write: while the name is being released, the write waits for it, and only then the hold can be seen.
  await checkHold(tx, relay.settings, { owner: relay.tenantPubkey, now });
  const created = toRelay({ ...row, sync: null });
  await appendRelayFact(tx, history, { relay: created, type: 'create_relay', actor: relay.actor });
  return created;
}

async function update(
  tx: Sql,
  history: LockedHistory,
  { relay, change, actor, now }: { relay: Relay; change: RelayChange; actor: string; now: Date },
): Promise<Relay> {
  const settings: RelaySettings = { ...relay, ...change.settings };
  const changes = setColumns({
    ...(change.settings && toColumns(settings)),
    ...(settings.custom_domain !== relay.custom_domain && { customDomainVerified: false }),
    ...(change.status && { status: change.status }),
    nextSyncAt: now,
  });
  const row = written(
    await tx.$queryRaw<WrittenRow[]>`
      UPDATE relay SET ${changes}, generation = generation + 1 WHERE id = ${relay.id} RETURNING ${relayColumns}`,
  );
  const changed = toRelay({ ...row, sync: relay });
  if (settings.subdomain !== relay.subdomain || settings.zooid_domain !== relay.zooid_domain) {
    await checkHold(tx, settings, { owner: relay.tenantPubkey, now });
    await holdName(tx, relay, now);
  }
  await appendRelayFact(tx, history, { relay: changed, type: change.type, actor });
  return changed;
}

/** Writes a fact about a relay with the snapshot that billing replays. Source of truth for price: the plan's row now. */
export async function appendRelayFact(
  tx: Sql,
  history: LockedHistory,
  { relay, type, actor }: { relay: Pick<Relay, 'id' | 'plan_id' | 'status'>; type: ActivityType; actor: string },
): Promise<void> {
  const added = await tx.$executeRaw`
    WITH moved AS (${nextFact(history)})
    INSERT INTO activity (id, tenant_pubkey, seq, at, type, resource_type, resource_id, actor, snapshot)
    SELECT ${history.deps.newId()}, ${history.tenantPubkey}, moved.seq, moved.at, ${type}, 'relay', ${relay.id}, ${actor},
      jsonb_build_object('plan_id', plan.id, 'amount_cents', plan.amount_cents, 'status', ${relay.status}::text, 'provisioned',
        EXISTS (SELECT FROM relay_sync WHERE relay_id = ${relay.id} AND first_synced_at IS NOT NULL))
    FROM moved CROSS JOIN plan WHERE plan.id = ${relay.plan_id}`;
  if (added === 0) throw new AppError('internal', 'There is no such plan.');
}

async function findLocked(tx: Sql, id: Id): Promise<Relay> {
  const row = await readRelay(tx, id);
  if (!row) throw noSuchRelay();
  return toRelay(row);
}

type WrittenRow = Omit<RelayRow, 'sync'>;

function written([row]: WrittenRow[]): WrittenRow {
  if (!row) throw new AppError('internal', 'The relay disappeared.');
  return row;
}

async function relaysOf(tx: Sql, tenantPubkey: Pubkey): Promise<TenantRelays> {
  const [row] = await tx.$queryRaw<{ churned: boolean; count: number; free_count: number }[]>`
    SELECT exists(SELECT FROM tenant_billing WHERE tenant_pubkey = ${tenantPubkey} AND churned_at IS NOT NULL) AS churned,
           count(*)::int AS count,
           count(*) FILTER (WHERE plan.amount_cents = 0)::int AS free_count
    FROM relay JOIN plan ON plan.id = relay.plan_id
    WHERE relay.tenant_pubkey = ${tenantPubkey} AND relay.deleted_at IS NULL`;
  return { churned: row?.churned ?? false, count: row?.count ?? 0, freeCount: row?.free_count ?? 0 };
}

async function refusingTakenNames<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (violatedKey(error)?.includes('relay_host_key')) {
      throw new AppError('subdomain-exists', 'This subdomain is taken. Please choose another one.', { cause: error });
    }
    throw error;
  }
}
