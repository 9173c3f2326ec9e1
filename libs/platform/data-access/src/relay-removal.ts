import { AppError, pubkeySchema } from '@caravel/domain';
import type { Id, Relay } from '@caravel/domain';
import { inSqlTransaction } from './database.js';
import type { Db } from './database.js';
import { lockedHistory } from './history.js';
import type { HistoryDeps, LockedHistory } from './history.js';
import { appendRelayFact } from './relay-commands.js';
import { readRelay, toRelay } from './relay-row.js';
import type { Sql } from './sql/sql.js';
import { holdName } from './subdomain-hold.js';

/** How long a deleted relay can be had back. Then the provisioner removes it from zooid. */
export const KEEP_DELETED_DAYS = 30;

interface Target {
  id: Id;
  actor: string;
}

/** Takes a relay out of sight and keeps its name for its owner. Throws `not-found`, and what `check` throws under the lock. */
export function removeRelay(
  db: Db,
  { id, actor }: Target,
  { check, deps }: { check: (relay: Relay) => void; deps: HistoryDeps },
): Promise<Relay> {
  return inSqlTransaction(db, async (tx) => {
    const history = await lockOwner(tx, id, deps);
    const row = await readRelay(tx, id);
    if (!row) throw noSuchRelay();
    const relay = toRelay(row);
    check(relay);
    await hideRelay(tx, history, { relay, actor, now: deps.clock.now() });
    return relay;
  });
}

/** Under the lock: takes one relay out of sight, with its fact, and keeps its name for its owner. */
export async function hideRelay(
  tx: Sql,
  history: LockedHistory,
  { relay, actor, now }: { relay: Relay; actor: string; now: Date },
): Promise<void> {
  await tx.$executeRaw`UPDATE relay SET deleted_at = ${now} WHERE id = ${relay.id}`;
  await holdName(tx, relay, now);
  await appendRelayFact(tx, history, { relay, type: 'update_relay', actor });
}

/** Under the lock: whether the relay is deleted and can be had back. */
export async function isKept(tx: Sql, id: Id, now: Date): Promise<boolean> {
  const since = new Date(now.getTime() - KEEP_DELETED_DAYS * 86_400_000);
  const kept = await tx.$queryRaw<unknown[]>`
    SELECT FROM relay WHERE id = ${id} AND deleted_at > ${since} AND removed_at IS NULL`;
  return kept.length > 0;
}

/** Takes the lock of whose relay it is, deleted or not. Throws `not-found`. */
export async function lockOwner(tx: Sql, id: Id, deps: HistoryDeps): Promise<LockedHistory> {
  const [owner] = await tx.$queryRaw<{ pubkey: string }[]>`
    SELECT pubkey FROM tenant_history WHERE pubkey = (SELECT tenant_pubkey FROM relay WHERE id = ${id}) FOR UPDATE`;
  if (!owner) throw noSuchRelay();
  return lockedHistory(tx, pubkeySchema.parse(owner.pubkey), deps);
}

export const noSuchRelay = () => new AppError('not-found', 'There is no such relay.');
