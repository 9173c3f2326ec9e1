import { idSchema, pubkeySchema } from '@caravel/domain';
import type { Relay } from '@caravel/domain';
import type { ZooidSettings } from './zooid-config.js';

/** A relay with everything on. */
export function aRelay(changes: Partial<Relay> = {}): Relay {
  return {
    id: idSchema.parse('01890000-0000-7000-8000-000000000001'),
    tenantPubkey: pubkeySchema.parse('ab'.repeat(32)),
    schema: 'r_01890000_0000_7000_8000_000000000001',
    status: 'active',
    subdomain: 'team',
    zooid_domain: 'relays.example',
    custom_domain: '',
    customDomainVerified: false,
    plan_id: 'basic',
    info_name: 'Team',
    info_icon: 'https://example.com/i.png',
    info_description: 'Where we talk',
    policy_public_read: false,
    policy_public_write: false,
    policy_public_join: true,
    policy_strip_signatures: false,
    groups_enabled: true,
    management_enabled: true,
    members_can_invite: true,
    blossom_enabled: true,
    livekit_enabled: true,
    push_enabled: false,
    generation: 1,
    appliedGeneration: 0,
    syncError: '',
    createdAtS: 1_800_000_000,
    ...changes,
  };
}

export const someSettings: ZooidSettings = {
  s3: {
    endpoint: 'https://s3.example',
    region: 'eu',
    bucket: 'media',
    accessKey: 's3-access',
    secretKey: 's3-secret',
  },
  livekit: { serverUrl: 'wss://live.example', apiKey: 'live-key', apiSecret: 'live-secret' },
};
