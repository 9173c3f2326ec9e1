import { z } from 'zod';
import { defineOwnedRoute } from '../http/define-route.js';
import { pageQuery } from '../http/page-query.js';
import { relayJson, toRelayJson } from '../json/relay-json.js';
import { tenantOfPath } from './owned.js';

export const listTenantRelays = defineOwnedRoute({
  method: 'GET',
  path: '/tenants/:pubkey/relays',
  policy: 'adminOrTenant',
  summary: "A tenant's relays, newest first",
  load: tenantOfPath,
  query: pageQuery,
  answer: z.array(relayJson),
  handler: async ({ resource, query, nextPage }, { relays }) => {
    const { rows, nextCursor } = await relays.listOfTenant(resource.pubkey, query);
    nextPage(nextCursor);
    return rows.map(toRelayJson);
  },
});
