import { z } from 'zod';
import { defineOwnedRoute } from '../http/define-route.js';
import { tenantJson, toTenantJson } from '../json/tenant-json.js';
import { connectWallet } from '../use-cases/connect-wallet.js';
import { tenantOfPath } from './owned.js';

export const updateTenant = defineOwnedRoute({
  method: 'PUT',
  path: '/tenants/:pubkey',
  policy: 'adminOrTenant',
  summary: 'Connects a wallet (NWC), or disconnects it with an empty `nwc_url`; without the field nothing changes',
  load: tenantOfPath,
  body: z.object({
    nwc_url: z.string({ error: 'must be the connection text of a wallet, or empty to disconnect it' }).exactOptional(),
  }),
  answer: tenantJson,
  errors: ['nwc-url-invalid', 'service-unavailable'],
  handler: async ({ caller, resource, body: { nwc_url: nwcUrl } }, deps) => {
    if (nwcUrl === undefined) return toTenantJson(resource);
    return toTenantJson(await connectWallet(deps, { pubkey: resource.pubkey, actor: caller.pubkey, nwcUrl }));
  },
});
