import { RELAY_DEFAULTS } from '@caravel/domain';
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
    ...RELAY_DEFAULTS,
    subdomain: `relay-${made}`,
    zooid_domain: 'relays.example.com',
    plan_id: planId,
    info_name: 'A relay',
  };
  return relayCommands(client, deps).create({ tenantPubkey, actor: tenantPubkey, settings }, () => undefined);
}

interface PaidRelay {
  clock: Clock;
  newId: NewId;
  tenantPubkey: Pubkey;
  planId?: string;
}
