import { billingAccount, relaySync } from '@caravel/contracts';
import type { Relay } from '@caravel/domain';
import type { GatewayPorts } from '../ports.js';

/** After commit: the provisioner brings zooid up to date, billing the account. Takes 250 ms at most and never fails. */
export async function announceRelay({ ring }: Pick<GatewayPorts, 'ring'>, relay: Relay): Promise<void> {
  await Promise.all([
    ring(relaySync, { relayId: relay.id }),
    ring(billingAccount, { tenantPubkey: relay.tenantPubkey }),
  ]);
}
