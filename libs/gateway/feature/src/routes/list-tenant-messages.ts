import { api } from '@caravel/api-contract';
import { defineOwnedRoute } from '../http/define-route.js';
import { toMessageJson } from '../json/message-json.js';
import { tenantOfPath } from './owned.js';

export const listTenantMessages = defineOwnedRoute(api.listTenantMessages, {
  load: tenantOfPath,
  handler: async ({ resource, query, nextPage }, { messages }) => {
    const { rows, nextCursor } = await messages.ofTenant(resource.pubkey, query);
    nextPage(nextCursor);
    return rows.map(toMessageJson);
  },
});
