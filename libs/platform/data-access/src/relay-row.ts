import { idSchema, pubkeySchema, relayStatusSchema, unixSeconds } from '@caravel/domain';
import type { Relay, RelaySettings } from '@caravel/domain';
import { Prisma } from './generated/client.js';
import { selectColumns } from './sql/columns.js';
import type { Sql } from './sql/sql.js';

/** Of the provisioner's table only what it shows to others: the gateway's role may read no more. */
export const withSync = { sync: { select: { syncError: true, firstSyncedAt: true } } } satisfies Prisma.RelayInclude;
export type RelayRow = Prisma.RelayGetPayload<object> & { sync: { syncError: string } | null };

/** All that makes a `RelayRow` but its sync. */
export const relayColumns = selectColumns('relay', Prisma.RelayScalarFieldEnum);

/** A relay that is not deleted. */
export async function readRelay(db: Sql, id: string): Promise<RelayRow | null> {
  const [row] = await db.$queryRaw<(Omit<RelayRow, 'sync'> & { sync_error: string | null })[]>`
    SELECT ${relayColumns}, sync.sync_error FROM relay LEFT JOIN relay_sync sync ON sync.relay_id = relay.id
    WHERE relay.id = ${id} AND relay.deleted_at IS NULL`;
  return row ? { ...row, sync: { syncError: row.sync_error ?? '' } } : null;
}

export function toRelay(row: RelayRow): Relay {
  return {
    id: idSchema.parse(row.id),
    tenantPubkey: pubkeySchema.parse(row.tenantPubkey),
    schema: row.schema,
    status: relayStatusSchema.parse(row.status),
    subdomain: row.subdomain,
    zooid_domain: row.zooidDomain,
    custom_domain: row.customDomain,
    customDomainVerified: row.customDomainVerified,
    plan_id: row.planId,
    info_name: row.infoName,
    info_icon: row.infoIcon,
    info_description: row.infoDescription,
    policy_public_read: row.policyPublicRead,
    policy_public_write: row.policyPublicWrite,
    policy_public_join: row.policyPublicJoin,
    policy_strip_signatures: row.policyStripSignatures,
    groups_enabled: row.groupsEnabled,
    management_enabled: row.managementEnabled,
    members_can_invite: row.membersCanInvite,
    blossom_enabled: row.blossomEnabled,
    livekit_enabled: row.livekitEnabled,
    push_enabled: row.pushEnabled,
    generation: row.generation,
    appliedGeneration: row.appliedGeneration,
    syncError: row.sync?.syncError ?? '',
    createdAtS: unixSeconds(row.createdAt),
  };
}

/** The columns of the settings a tenant decides about. */
export function toColumns(settings: RelaySettings) {
  return {
    subdomain: settings.subdomain,
    zooidDomain: settings.zooid_domain,
    customDomain: settings.custom_domain,
    planId: settings.plan_id,
    infoName: settings.info_name,
    infoIcon: settings.info_icon,
    infoDescription: settings.info_description,
    policyPublicRead: settings.policy_public_read,
    policyPublicWrite: settings.policy_public_write,
    policyPublicJoin: settings.policy_public_join,
    policyStripSignatures: settings.policy_strip_signatures,
    groupsEnabled: settings.groups_enabled,
    managementEnabled: settings.management_enabled,
    membersCanInvite: settings.members_can_invite,
    blossomEnabled: settings.blossom_enabled,
    livekitEnabled: settings.livekit_enabled,
    pushEnabled: settings.push_enabled,
  };
}
