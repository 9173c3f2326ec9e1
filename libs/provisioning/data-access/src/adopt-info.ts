import { AppError } from '@caravel/domain';
import type { Pubkey, Relay } from '@caravel/domain';
import { appendRelayFact, inTransaction, lockTenant, relayStore } from '@caravel/platform-data-access';
import type { HistoryDeps, PrismaClient } from '@caravel/platform-data-access';
import { writeApplied } from './applied-config.js';
import type { AppliedConfig } from './applied-config.js';
import { ClaimLostError } from './relay-claims.js';
import type { RelayClaim } from './relay-claims.js';
import { SERVICE_NAME } from './service-name.js';

/**
 * Takes over what a relay's owner changed at zooid: each field by compare-and-set, so that a change of the tenant wins, with
 * `update_relay` in the history. The generation stays: zooid has it already, so there is nothing to send. Answers the
 * relay as it is then. @throws ClaimLostError
 */
export function adoptInfo(client: PrismaClient, adopted: AdoptedInfo, deps: HistoryDeps): Promise<Relay> {
  const { claim, tenantPubkey, changes, ...applied } = adopted;
  const of = (field: string) => changes.find((change) => change.field === field);
  const [name, icon, description] = [of('name'), of('icon'), of('description')];
  return inTransaction(client, async (tx) => {
    const history = await lockTenant(tx, tenantPubkey, deps);
    const held = await tx.$executeRaw`
      UPDATE relay_sync SET applied = ${writeApplied(applied)}::jsonb
      WHERE relay_id = ${claim.relayId} AND claimed_until = ${claim.until}::timestamptz`;
    if (held === 0) throw new ClaimLostError();
    const changed = await tx.$executeRaw`
      UPDATE relay SET
        info_name = CASE WHEN info_name = ${name?.from} THEN ${name?.to} ELSE info_name END,
        info_icon = CASE WHEN info_icon = ${icon?.from} THEN ${icon?.to} ELSE info_icon END,
        info_description = CASE WHEN info_description = ${description?.from} THEN ${description?.to} ELSE info_description END
      WHERE id = ${claim.relayId} AND deleted_at IS NULL
        AND (info_name = ${name?.from} OR info_icon = ${icon?.from} OR info_description = ${description?.from})`;
    const relay = await relayStore(tx).find(claim.relayId);
    if (!relay) throw new AppError('not-found', 'There is no such relay.');
    if (changed > 0) await appendRelayFact(tx, history, { relay, type: 'update_relay', actor: SERVICE_NAME });
    return relay;
  });
}

/** `config`, `waitingSince`, `pending`: what zooid is known to have with the changes. */
export interface AdoptedInfo extends AppliedConfig {
  claim: RelayClaim;
  tenantPubkey: Pubkey;
  changes: readonly { field: string; from: string; to: string }[];
}
