import { api } from '@caravel/api-contract';
import { defineOwnedRoute } from '../http/define-route.js';
import { toTenantJson } from '../json/tenant-json.js';
import { connectWallet } from '../use-cases/connect-wallet.js';
import { tenantOfPath } from './owned.js';

export const updateTenant = defineOwnedRoute(api.updateTenant, {
  load: tenantOfPath,
  handler: async ({ caller, resource, body: { nwc_url: nwcUrl } }, deps) => {
    if (nwcUrl === undefined) return toTenantJson(resource);
    return toTenantJson(await connectWallet(deps, { pubkey: resource.pubkey, actor: caller.pubkey, nwcUrl }));
  },
});
