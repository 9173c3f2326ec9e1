import { api } from '@caravel/api-contract';
import { defineOwnedRoute } from '../http/define-route.js';
import { toTenantJson } from '../json/tenant-json.js';
import { tenantOfPath } from './owned.js';

export const reconcileTenant = defineOwnedRoute(api.reconcileTenant, {
  load: tenantOfPath,
  handler: async ({ resource }, { reconciler, tenants }) => {
    await reconciler.tenant(resource.pubkey);
    return toTenantJson((await tenants.find(resource.pubkey)) ?? resource);
  },
});
