import { AppError, fromUnixSeconds, unixSeconds } from '@caravel/domain';
import type { Activity, Clock, NewId, Pubkey, RelaySnapshot } from '@caravel/domain';
import { Prisma } from './generated/client.js';
import { noAccount } from './live-tenant.js';
import type { Sql } from './sql/sql.js';

/** What is needed to write history: where time and ids come from. */
export interface HistoryDeps {
  clock: Clock;
  newId: NewId;
}

/** A tenant's history while its row is locked. */
export interface LockedHistory {
  tenantPubkey: Pubkey;
  deps: HistoryDeps;
  /** Appends one fact and moves the history's clock. `seq` is gapless; `at` never goes back, whatever clocks say. */
  append: (fact: NewFact) => Promise<Activity>;
}

export type NewFact = Pick<Activity, 'type' | 'resourceType' | 'resourceId' | 'actor'> & {
  snapshot: RelaySnapshot | null;
};

/**
 * Takes the tenant's row lock, the first thing every command does that changes what the tenant owes. Held until the
 * transaction ends. Throws `tenant-missing` when there is no such tenant.
 */
export async function lockTenant(tx: Sql, tenantPubkey: Pubkey, deps: HistoryDeps): Promise<LockedHistory> {
  const rows = await tx.$queryRaw<{ pubkey: string }[]>`
    SELECT pubkey FROM tenant_history WHERE pubkey = ${tenantPubkey} FOR UPDATE`;
  if (rows.length === 0) throw noAccount();
  return lockedHistory(tx, tenantPubkey, deps);
}

/** For whoever took the lock in another statement. */
export function lockedHistory(tx: Sql, tenantPubkey: Pubkey, deps: HistoryDeps): LockedHistory {
  return { tenantPubkey, deps, append: (fact) => appendFact(tx, { tenantPubkey, fact, deps }) };
}

async function appendFact(
  tx: Sql,
  { tenantPubkey, fact, deps }: { tenantPubkey: Pubkey; fact: NewFact; deps: HistoryDeps },
): Promise<Activity> {
  const { snapshot, ...rest } = fact;
  const row = { id: deps.newId(), tenantPubkey, ...rest };
  const [moved] = await tx.$queryRaw<{ seq: number; at: Date }[]>`
    WITH moved AS (${nextFact({ tenantPubkey, deps })})
    INSERT INTO activity (id, tenant_pubkey, seq, at, type, resource_type, resource_id, actor, snapshot)
    SELECT ${row.id}, ${tenantPubkey}, moved.seq, moved.at, ${row.type}, ${row.resourceType}, ${row.resourceId}, ${row.actor},
           ${snapshot === null ? null : JSON.stringify(snapshot)}::jsonb
    FROM moved RETURNING seq, at`;
  if (!moved) throw new AppError('internal', 'The account disappeared.');
  return { ...row, seq: moved.seq, snapshot, atS: unixSeconds(moved.at) };
}

/** The place of the next fact in a history whose lock is held, taken: `seq` and `at`. A part of the statement that appends it. */
export function nextFact({ tenantPubkey, deps }: Pick<LockedHistory, 'tenantPubkey' | 'deps'>): Prisma.Sql {
  const now = fromUnixSeconds(unixSeconds(deps.clock.now()));
  return Prisma.sql`
    UPDATE tenant_history SET seq = seq + 1, at = greatest(at, ${now}) WHERE pubkey = ${tenantPubkey} RETURNING seq, at`;
}
