import { api } from '@caravel/api-contract';
import { defineOwnedRoute } from '../http/define-route.js';
import { toTenantJson } from '../json/tenant-json.js';
import { tenantOfPath } from './owned.js';

export const getTenant = defineOwnedRoute(api.getTenant, {
  load: tenantOfPath,
  handler: ({ resource }) => Promise.resolve(toTenantJson(resource)),
});
