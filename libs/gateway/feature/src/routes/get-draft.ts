import { api } from '@caravel/api-contract';
import { unixSeconds } from '@caravel/domain';
import { defineOwnedRoute } from '../http/define-route.js';
import { toDraftJson } from '../json/invoice-json.js';
import { tenantOfPath } from './owned.js';

export const getDraft = defineOwnedRoute(api.getDraft, {
  load: tenantOfPath,
  handler: async ({ resource }, { invoices, clock }) => {
    const draft = await invoices.draft(resource.pubkey);
    return toDraftJson({ ...draft, tenantPubkey: resource.pubkey, nowS: unixSeconds(clock.now()) });
  },
});
