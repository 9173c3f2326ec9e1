import type { Relay } from '@caravel/domain';
import type { GatewayDeps } from '../gateway-deps.js';
import type { Caller } from '../http/route.js';
import { decideDeactivate, decideReactivate } from '../rules/decide-status.js';
import { chosenPlan } from '../rules/plan-rules.js';
import { announceRelay } from './announce-relay.js';

type Deps = Pick<GatewayDeps, 'plans' | 'relayCommands' | 'ring'>;

interface Target {
  caller: Caller;
  relay: Relay;
}

/** Idempotent; the relay as it is then. */
export async function deactivateRelay(deps: Deps, { caller, relay }: Target): Promise<Relay> {
  const changed = await deps.relayCommands.change({ id: relay.id, actor: caller.pubkey }, decideDeactivate);
  await announceRelay(deps, changed);
  return changed;
}

/** Idempotent; the relay as it is then. Throws `relay-delinquent` or `account-past-due`. */
export async function reactivateRelay(deps: Deps, { caller, relay }: Target): Promise<Relay> {
  const plans = await deps.plans.list();
  const changed = await deps.relayCommands.change({ id: relay.id, actor: caller.pubkey }, (current, relays) => {
    const plan = plans.find(({ id }) => id === current.plan_id);
    return decideReactivate({ relay: current, relays, plan: plan ?? chosenPlan(plan, current.plan_id) }, caller);
  });
  await announceRelay(deps, changed);
  return changed;
}
