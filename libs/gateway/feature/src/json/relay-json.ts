import type { relayJson } from '@caravel/api-contract';
import type { Relay } from '@caravel/domain';
import type { z } from 'zod';
import { toFlag } from './scalars.js';

export function toRelayJson(relay: Relay): z.output<typeof relayJson> {
  return {
    id: relay.id,
    tenant_pubkey: relay.tenantPubkey,
    subdomain: relay.subdomain,
    zooid_domain: relay.zooid_domain,
    plan_id: relay.plan_id,
    status: relay.status,
    sync_error: relay.syncError,
    synced: toFlag(relay.appliedGeneration >= relay.generation),
    custom_domain: relay.custom_domain,
    custom_domain_verified: toFlag(relay.customDomainVerified),
    info_name: relay.info_name,
    info_icon: relay.info_icon,
    info_description: relay.info_description,
    policy_public_read: toFlag(relay.policy_public_read),
    policy_public_write: toFlag(relay.policy_public_write),
    policy_public_join: toFlag(relay.policy_public_join),
    policy_strip_signatures: toFlag(relay.policy_strip_signatures),
    groups_enabled: toFlag(relay.groups_enabled),
    management_enabled: toFlag(relay.management_enabled),
    members_can_invite: toFlag(relay.members_can_invite),
    blossom_enabled: toFlag(relay.blossom_enabled),
    livekit_enabled: toFlag(relay.livekit_enabled),
    push_enabled: toFlag(relay.push_enabled),
  };
}
