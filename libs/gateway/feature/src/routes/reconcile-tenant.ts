import { defineOwnedRoute } from '../http/define-route.js';
import { tenantJson, toTenantJson } from '../json/tenant-json.js';
import { tenantOfPath } from './owned.js';

export const reconcileTenant = defineOwnedRoute({
  method: 'POST',
  path: '/tenants/:pubkey/reconcile',
  policy: 'adminOrTenant',
  summary: 'Brings bills up to date, then answers the account; the account as it is stored when billing is away',
  load: tenantOfPath,
  answer: tenantJson,
  handler: async ({ resource }, { reconciler, tenants }) => {
    await reconciler.tenant(resource.pubkey);
    return toTenantJson((await tenants.find(resource.pubkey)) ?? resource);
  },
});
