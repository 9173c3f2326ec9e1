import { idSchema } from '@caravel/domain';
import type { ActivityType, RelayStatus } from '@caravel/domain';
import { appendRelayFact, Prisma } from '@caravel/platform-data-access';
import type { LockedHistory, Sql } from '@caravel/platform-data-access';
import type { AccountDeps } from './account.js';

/** Who stands in the log for what billing does by itself. */
const SERVICE_NAME = 'billing-service';

export interface RelaySwitch {
  from: RelayStatus;
  to: RelayStatus;
  type: ActivityType;
  /** Leave relays alone whose plan costs nothing. */
  paidOnly?: boolean;
}

/** Takes all of the tenant's relays from one status to another, each with its fact; zooid follows. */
export async function switchRelays(
  tx: Sql,
  history: LockedHistory,
  { from, to, type, paidOnly = false, clock }: RelaySwitch & Pick<AccountDeps, 'clock'>,
): Promise<void> {
  const paid = paidOnly ? Prisma.sql`AND plan.amount_cents > 0` : Prisma.empty;
  const rows = await tx.$queryRaw<{ id: string; plan_id: string }[]>`
    UPDATE relay SET status = ${to}, generation = generation + 1, next_sync_at = ${clock.now()} FROM plan
    WHERE plan.id = relay.plan_id AND relay.tenant_pubkey = ${history.tenantPubkey} AND relay.status = ${from}
      AND relay.deleted_at IS NULL ${paid}
    RETURNING relay.id, relay.plan_id`;
  const relays = rows.map(({ id, plan_id }) => ({ id: idSchema.parse(id), plan_id, status: to }));
  for (const relay of relays.sort((a, b) => (a.id < b.id ? -1 : 1))) {
    await appendRelayFact(tx, history, { relay, type, actor: SERVICE_NAME });
  }
}
