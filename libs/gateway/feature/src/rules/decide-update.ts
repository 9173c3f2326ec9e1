import type { RelayEdit } from '@caravel/api-contract';
import { checkSubdomain } from '@caravel/domain';
import type { Plan, Relay, RelaySettings } from '@caravel/domain';
import type { RelayChange, TenantRelays } from '../ports.js';
import { requireFreeRoom, requireGoodStanding } from './account-rules.js';
import type { RelayCaps } from './account-rules.js';
import { customDomain } from './custom-domain.js';
import { chosenPlan, requireFeatures } from './plan-rules.js';
import { listedDomain } from './zooid-domain.js';

export interface UpdateRules extends RelayCaps {
  plans: readonly Plan[];
  relayDomains: readonly string[];
  reservedSubdomains: readonly string[];
  /** Names of this server: nobody's own domains. */
  ownHosts: readonly string[];
  isAdmin: boolean;
}

/**
 * What an edit means for a relay as it is now; null when it changes nothing. What is sent as it already is, is no
 * change: a hidden plan, a subdomain that is reserved by now, or a feature the next plan lacks (the downgrade clears it).
 */
export function decideUpdate(
  { relay, relays, edit }: { relay: Relay; relays: TenantRelays; edit: RelayEdit },
  rules: UpdateRules,
): RelayChange | null {
  const changes = changedSettings(relay, edit, rules);
  const wanted: RelaySettings = { ...relay, ...changes };
  if (changes.subdomain !== undefined) checkSubdomain(changes.subdomain, rules.reservedSubdomains);
  const known = rules.plans.find(({ id }) => id === wanted.plan_id);
  const plan = known && changes.plan_id === undefined ? known : chosenPlan(known, wanted.plan_id);
  const before = rules.plans.find(({ id }) => id === relay.plan_id) ?? plan;

  const cleared = clearedFeatures(relay, plan);
  requireFeatures(plan, { ...wanted, ...cleared });
  if (Object.keys(changes).length === 0) return null;

  // A relay without a price has nothing to be delinquent about.
  const status = relay.status === 'delinquent' && plan.amount === 0 ? 'active' : relay.status;
  if (plan.amount === 0 && before.amount > 0) requireFreeRoom(relays, rules);
  // Also of a relay that does not run: what it costs more would be owed as soon as it does.
  if (plan.amount > before.amount) requireGoodStanding(relays, plan, rules);
  return { type: 'update_relay', settings: { ...changes, ...cleared }, ...(status !== relay.status && { status }) };
}

/** The fields whose value really changes. */
function changedSettings(relay: Relay, edit: RelayEdit, rules: UpdateRules): Partial<RelaySettings> {
  const { custom_domain, zooid_domain, ...rest } = edit;
  const domain = listedDomain(zooid_domain, rules.relayDomains);
  // Clients send the field with every edit.
  const isAsked = custom_domain !== undefined && custom_domain !== relay.custom_domain;
  const asked: Partial<RelaySettings> = {
    ...rest,
    ...(domain !== undefined && { zooid_domain: domain }),
    ...(isAsked && { custom_domain: customDomain(custom_domain, rules) }),
  };
  const changed = Object.entries(asked).filter(([name, value]) => relay[name as keyof RelaySettings] !== value);
  return Object.fromEntries(changed);
}

function clearedFeatures(relay: Relay, plan: Plan): Partial<RelaySettings> {
  return {
    ...(relay.blossom_enabled && !plan.blossom && { blossom_enabled: false }),
    ...(relay.livekit_enabled && !plan.livekit && { livekit_enabled: false }),
  };
}
