import { api } from '@caravel/api-contract';
import { defineRoute } from '../http/define-route.js';
import { toTenantJson } from '../json/tenant-json.js';

export const listTenants = defineRoute(api.listTenants, {
  handler: async ({ query, nextPage }, { tenants }) => {
    const { rows, nextCursor } = await tenants.list(query);
    nextPage(nextCursor);
    return rows.map(toTenantJson);
  },
});
