import { api } from '@caravel/api-contract';
import { defineOwnedRoute } from '../http/define-route.js';
import { deleteTenant } from '../use-cases/delete-tenant.js';
import { tenantOfPath } from './owned.js';

export const removeTenant = defineOwnedRoute(api.deleteTenant, {
  load: tenantOfPath,
  handler: async ({ caller, resource }, deps) => {
    await deleteTenant(deps, { caller, tenant: resource });
    return { done: true as const };
  },
});
