import type { UpdateRelayBody } from '@caravel/api-contract';
import { AppError } from '@caravel/domain';
import type { Plan, Relay } from '@caravel/domain';
import type { GatewayDeps } from '../gateway-deps.js';
import type { Caller } from '../http/route.js';
import { decideUpdate } from '../rules/decide-update.js';
import { chosenPlan } from '../rules/plan-rules.js';
import { announceRelay } from './announce-relay.js';
import { relayMembersOf } from './relay-members.js';

type Deps = Pick<GatewayDeps, 'plans' | 'relayCommands' | 'ring' | 'ask' | 'settings' | 'log'>;

/** Changes what differs; the relay as it is then. Throws the codes of its endpoint. */
export async function updateRelay(
  deps: Deps,
  { caller, relay, body }: { caller: Caller; relay: Relay; body: UpdateRelayBody },
): Promise<Relay> {
  const { tenant_pubkey: owner = relay.tenantPubkey, ...edit } = body;
  if (owner !== relay.tenantPubkey) {
    throw new AppError('forbidden', "A relay can't be given to another account.");
  }
  const plans = await deps.plans.list();
  await requireFewMembers(deps, relay, { plans, planId: edit.plan_id });

  const { isAdmin } = caller;
  const rules = { ...deps.settings, plans, isAdmin };
  const updated = await deps.relayCommands.change({ id: relay.id, actor: caller.pubkey }, (current, relays) =>
    decideUpdate({ relay: current, relays, edit }, rules),
  );
  await announceRelay(deps, updated);
  return updated;
}

/** Before a change of plan. A provisioner that does not answer does not keep a tenant from its plan. */
export async function requireFewMembers(
  deps: Pick<GatewayDeps, 'ask' | 'log'>,
  relay: Relay,
  { plans, planId }: { plans: readonly Plan[]; planId: string | undefined },
): Promise<void> {
  if (planId === undefined || planId === relay.plan_id) return;
  const plan = chosenPlan(
    plans.find(({ id }) => id === planId),
    planId,
  );
  if (plan.members === null) return;
  const members = await relayMembersOf(deps, relay).catch((error: unknown) => {
    deps.log.warn({ err: error, relayId: relay.id }, 'members unknown, plan changed without asking');
    return [];
  });
  if (members.length > plan.members) {
    throw new AppError(
      'too-many-members',
      `This relay has ${members.length} members and the plan ${plan.name} allows ${plan.members}. Choose a larger plan.`,
    );
  }
}
