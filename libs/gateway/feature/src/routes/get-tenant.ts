import { defineOwnedRoute } from '../http/define-route.js';
import { tenantJson, toTenantJson } from '../json/tenant-json.js';
import { tenantOfPath } from './owned.js';

export const getTenant = defineOwnedRoute({
  method: 'GET',
  path: '/tenants/:pubkey',
  policy: 'adminOrTenant',
  summary: 'An account',
  load: tenantOfPath,
  answer: tenantJson,
  handler: ({ resource }) => Promise.resolve(toTenantJson(resource)),
});
