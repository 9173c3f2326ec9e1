import type { Relay } from '@caravel/domain';
import type { GatewayDeps } from '../gateway-deps.js';
import type { Caller } from '../http/route.js';
import { requireFreeRoom, requireGoodStanding, requireRoom } from '../rules/account-rules.js';
import { decideDeactivate, decideReactivate } from '../rules/decide-status.js';
import { chosenPlan } from '../rules/plan-rules.js';
import { announceRelay } from './announce-relay.js';

type Deps = Pick<GatewayDeps, 'plans' | 'relays' | 'relayCommands' | 'ring' | 'settings'>;

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

/**
 * Idempotent; the relay as it is then. One that was deleted comes back. Throws `relay-delinquent`, `account-past-due`, and for
 * a deleted one `relay-limit` or `subdomain-exists`.
 */
export async function reactivateRelay(deps: Deps, { caller, relay }: Target): Promise<Relay> {
  if (!(await deps.relays.find(relay.id))) return restoreRelay(deps, { caller, relay });
  const plans = await deps.plans.list();
  const changed = await deps.relayCommands.change({ id: relay.id, actor: caller.pubkey }, (current, relays) => {
    const plan = plans.find(({ id }) => id === current.plan_id);
    return decideReactivate({ relay: current, relays, plan: plan ?? chosenPlan(plan, current.plan_id) }, caller);
  });
  await announceRelay(deps, changed);
  return changed;
}

async function restoreRelay(deps: Deps, { caller, relay }: Target): Promise<Relay> {
  const known = await deps.plans.find(relay.plan_id);
  const plan = known ?? chosenPlan(known, relay.plan_id);
  const restored = await deps.relayCommands.restore({ id: relay.id, actor: caller.pubkey }, (_current, relays) => {
    requireGoodStanding(relays, plan, caller);
    requireRoom(relays, deps.settings);
    if (plan.amount === 0) requireFreeRoom(relays, deps.settings);
    return { type: 'activate_relay', status: 'active' };
  });
  await announceRelay(deps, restored);
  return restored;
}
