import { z } from 'zod';
import { defineRoute } from '../http/define-route.js';
import { pageQuery } from '../http/page-query.js';
import { tenantJson, toTenantJson } from '../json/tenant-json.js';

export const listTenants = defineRoute({
  method: 'GET',
  path: '/tenants',
  policy: 'admin',
  summary: 'All tenants, newest first',
  query: pageQuery,
  answer: z.array(tenantJson),
  handler: async ({ query, nextPage }, { tenants }) => {
    const { rows, nextCursor } = await tenants.list(query);
    nextPage(nextCursor);
    return rows.map(toTenantJson);
  },
});
