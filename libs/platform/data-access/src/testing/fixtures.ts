import { randomBytes } from 'node:crypto';
import { idMaker, pubkeySchema, systemClock } from '@caravel/domain';
import type { Pubkey, RelaySettings } from '@caravel/domain';

export const newId = idMaker(systemClock);

export function newPubkey(): Pubkey {
  return pubkeySchema.parse(randomBytes(32).toString('hex'));
}

export function relaySettings(changes: Partial<RelaySettings> = {}): RelaySettings {
  return {
    subdomain: `relay-${randomBytes(6).toString('hex')}`,
    zooid_domain: 'relays.example',
    custom_domain: '',
    plan_id: 'basic',
    info_name: 'A relay',
    info_icon: '',
    info_description: '',
    policy_public_read: false,
    policy_public_write: false,
    policy_public_join: false,
    policy_strip_signatures: false,
    groups_enabled: true,
    management_enabled: true,
    members_can_invite: true,
    blossom_enabled: true,
    livekit_enabled: true,
    push_enabled: true,
    ...changes,
  };
}
