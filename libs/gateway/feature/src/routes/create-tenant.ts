import { api } from '@caravel/api-contract';
import { defineRoute } from '../http/define-route.js';
import { toTenantJson } from '../json/tenant-json.js';
import { ensureTenant } from '../use-cases/ensure-tenant.js';

export const createTenant = defineRoute(api.createTenant, {
  handler: async ({ caller, body }, deps) =>
    toTenantJson(await ensureTenant(deps, { pubkey: caller.pubkey, returnUrl: body.return_url })),
});
