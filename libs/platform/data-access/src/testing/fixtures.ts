import { randomBytes } from 'node:crypto';
import { idMaker, pubkeySchema, systemClock, RELAY_DEFAULTS } from '@caravel/domain';
import type { Pubkey, RelaySettings } from '@caravel/domain';

export const newId = idMaker(systemClock);

export function newPubkey(): Pubkey {
  return pubkeySchema.parse(randomBytes(32).toString('hex'));
}

export function relaySettings(changes: Partial<RelaySettings> = {}): RelaySettings {
  return {
    ...RELAY_DEFAULTS,
    subdomain: `relay-${randomBytes(6).toString('hex')}`,
    zooid_domain: 'relays.example',
    plan_id: 'basic',
    info_name: 'A relay',
    blossom_enabled: true,
    livekit_enabled: true,
    ...changes,
  };
}
