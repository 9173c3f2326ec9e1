import type { CreateRelayBody } from '@caravel/api-contract';
import { checkSubdomain } from '@caravel/domain';
import type { Relay } from '@caravel/domain';
import type { GatewayDeps } from '../gateway-deps.js';
import type { Caller } from '../http/route.js';
import { requireFreeRoom, requireGoodStanding, requireRoom } from '../rules/account-rules.js';
import { newRelaySettings } from '../rules/new-relay-settings.js';
import { chosenPlan, requireFeatures } from '../rules/plan-rules.js';
import { announceRelay } from './announce-relay.js';

/** A new relay, active at once; zooid follows. Throws the codes of its endpoint. */
export async function createRelay(
  deps: Pick<GatewayDeps, 'plans' | 'relayCommands' | 'ring' | 'settings'>,
  { caller, body }: { caller: Caller; body: CreateRelayBody },
): Promise<Relay> {
  const { tenant_pubkey: tenantPubkey = caller.pubkey, ...asked } = body;
  checkSubdomain(asked.subdomain, deps.settings.reservedSubdomains);
  const plan = chosenPlan(await deps.plans.find(asked.plan_id), asked.plan_id);
  const settings = newRelaySettings(asked, { ...deps.settings, plan });
  requireFeatures(plan, settings);

  const relay = await deps.relayCommands.create({ tenantPubkey, actor: caller.pubkey, settings }, (relays) => {
    requireGoodStanding(relays, plan, caller);
    requireRoom(relays, deps.settings);
    if (plan.amount === 0) requireFreeRoom(relays, deps.settings);
  });
  await announceRelay(deps, relay);
  return relay;
}
