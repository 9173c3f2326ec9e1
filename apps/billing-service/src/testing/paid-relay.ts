import type { Clock, NewId, Pubkey, Relay } from '@caravel/domain';
import { relayCommands } from '@caravel/platform-data-access';
import type { PrismaClient } from '@caravel/platform-data-access';

let made = 0;

/** Creates a relay as the gateway does, on basic unless told otherwise. */
export function addPaidRelay(
  client: PrismaClient,
  { tenantPubkey, planId = 'basic', ...deps }: PaidRelay,
): Promise<Relay> {
  made += 1;
  const settings = {
    subdomain: `relay-${made}`,
    zooid_domain: 'relays.example.com',
    custom_domain: '',
    plan_id: planId,
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
    blossom_enabled: false,
    livekit_enabled: false,
    push_enabled: true,
  };
  return relayCommands(client, deps).create({ tenantPubkey, actor: tenantPubkey, settings }, () => undefined);
}

interface PaidRelay {
  clock: Clock;
  newId: NewId;
  tenantPubkey: Pubkey;
  planId?: string;
}
