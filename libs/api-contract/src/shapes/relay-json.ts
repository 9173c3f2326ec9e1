import { idSchema, pubkeySchema, relayStatusSchema } from '@caravel/domain';
import { z } from 'zod';
import { flagJson } from './scalars.js';

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
