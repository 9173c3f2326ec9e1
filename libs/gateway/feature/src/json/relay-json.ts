import { idSchema, pubkeySchema, relayStatusSchema } from '@caravel/domain';
import type { Relay } from '@caravel/domain';
import { z } from 'zod';
import { flagJson, toFlag } from './scalars.js';

/** A relay. Text is never null; flags, `synced` and `custom_domain_verified` are 0 or 1. */
export const relayJson = z.object({
  id: idSchema,
  tenant_pubkey: pubkeySchema,
  subdomain: z.string(),
  zooid_domain: z.string(),
  plan_id: z.string(),
  status: relayStatusSchema,
  sync_error: z.string(),
  synced: flagJson,
  custom_domain: z.string(),
  custom_domain_verified: flagJson,
  info_name: z.string(),
  info_icon: z.string(),
  info_description: z.string(),
  policy_public_read: flagJson,
  policy_public_write: flagJson,
  policy_public_join: flagJson,
  policy_strip_signatures: flagJson,
  groups_enabled: flagJson,
  management_enabled: flagJson,
  members_can_invite: flagJson,
  blossom_enabled: flagJson,
  livekit_enabled: flagJson,
  push_enabled: flagJson,
});

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
