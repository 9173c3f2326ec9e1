import { api } from '@caravel/api-contract';
import { defineOwnedRoute } from '../http/define-route.js';
import { toRelayJson } from '../json/relay-json.js';
import { tenantOfPath } from './owned.js';

export const listTenantRelays = defineOwnedRoute(api.listTenantRelays, {
  load: tenantOfPath,
  handler: async ({ resource, query, nextPage }, { relays }) => {
    const { rows, nextCursor } = await relays.listOfTenant(resource.pubkey, query);
    nextPage(nextCursor);
    return rows.map(toRelayJson);
  },
});
