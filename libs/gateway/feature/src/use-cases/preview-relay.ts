import type { PreviewRelayBody } from '@caravel/api-contract';
import { relayPreview } from '@caravel/contracts';
import { AppError } from '@caravel/domain';
import type { Plan, Relay } from '@caravel/domain';
import type { z } from 'zod';
import type { GatewayDeps } from '../gateway-deps.js';
import type { Caller } from '../http/route.js';
import type { RelayChange, TenantRelays } from '../ports.js';
import { decideDeactivate, decideReactivate } from '../rules/decide-status.js';
import { decideUpdate } from '../rules/decide-update.js';
import { chosenPlan } from '../rules/plan-rules.js';
import { requireFewMembers } from './update-relay.js';

type Deps = Pick<GatewayDeps, 'plans' | 'relayCommands' | 'ask' | 'settings' | 'log'>;
export type RelayPreview = z.output<typeof relayPreview.answer> & Pick<Relay, 'plan_id' | 'status'>;

/**
 * What a change of plan or status would cost if it were made now. Refuses what the change itself refuses; throws
 * `service-unavailable` when billing does not answer.
 */
export async function previewRelay(
  deps: Deps,
  { caller, relay, body }: { caller: Caller; relay: Relay; body: PreviewRelayBody },
): Promise<RelayPreview> {
  const plans = await deps.plans.list();
  await requireFewMembers(deps, relay, { plans, planId: body.plan_id });
  let wanted: Pick<Relay, 'plan_id' | 'status'> = relay;
  await deps.relayCommands.change({ id: relay.id, actor: caller.pubkey }, (current, relays) => {
    const change = decide({ current, relays, body }, { ...deps.settings, plans, isAdmin: caller.isAdmin });
    wanted = { plan_id: change?.settings?.plan_id ?? current.plan_id, status: change?.status ?? current.status };
    return null; // only looked at, with the rules that the change itself meets
  });
  const { plan_id, status } = wanted;
  const asked = deps.ask(relayPreview, { relayId: relay.id, planId: plan_id, status });
  const preview = await asked.catch((cause: unknown) => {
    const text = "What it would cost can't be told right now. Please try again in a minute.";
    throw new AppError('service-unavailable', text, { cause });
  });
  return { ...preview, plan_id, status };
}

function decide(
  { current, relays, body }: { current: Relay; relays: TenantRelays; body: PreviewRelayBody },
  rules: GatewayDeps['settings'] & { plans: readonly Plan[]; isAdmin: boolean },
): RelayChange | null {
  const { plan_id: planId, status } = body;
  if (planId !== undefined) return decideUpdate({ relay: current, relays, edit: { plan_id: planId } }, rules);
  if (status === 'inactive') return decideDeactivate(current);
  const known = rules.plans.find(({ id }) => id === current.plan_id);
  const plan = known ?? chosenPlan(known, current.plan_id);
  return decideReactivate({ relay: current, relays, plan }, rules);
}
