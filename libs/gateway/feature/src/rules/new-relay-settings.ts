import type { AskedSettings } from '@caravel/api-contract';
import { RELAY_DEFAULTS } from '@caravel/domain';
import type { Plan, RelaySettings } from '@caravel/domain';
import { customDomain } from './custom-domain.js';
import { listedDomain } from './zooid-domain.js';

/** What was asked for, with the defaults the client shows for what was left out. */
export function newRelaySettings(
  asked: AskedSettings,
  { plan, relayDomains, ownHosts }: { plan: Plan; relayDomains: readonly string[]; ownHosts: readonly string[] },
): RelaySettings {
  return {
    ...RELAY_DEFAULTS,
    blossom_enabled: plan.blossom,
    livekit_enabled: plan.livekit,
    ...asked,
    custom_domain: customDomain(asked.custom_domain ?? '', { ownHosts }),
    zooid_domain: listedDomain(asked.zooid_domain, relayDomains) ?? relayDomains[0] ?? '',
  };
}
