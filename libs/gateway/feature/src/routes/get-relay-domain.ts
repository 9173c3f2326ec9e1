import { api } from '@caravel/api-contract';
import { defineOwnedRoute } from '../http/define-route.js';
import { toDomainJson } from '../json/domain-json.js';
import { relayOfPath } from './owned.js';

export const getRelayDomain = defineOwnedRoute(api.getRelayDomain, {
  load: relayOfPath,
  handler: async ({ resource: relay }, { domains }) =>
    toDomainJson(relay, relay.custom_domain === '' ? null : await domains.domainFinding(relay.id, relay.custom_domain)),
});
