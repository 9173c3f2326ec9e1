import { unixSeconds } from '@caravel/domain';
import { defineOwnedRoute } from '../http/define-route.js';
import { draftJson, toDraftJson } from '../json/invoice-json.js';
import { tenantOfPath } from './owned.js';

export const getDraft = defineOwnedRoute({
  method: 'GET',
  path: '/tenants/:pubkey/invoices/draft',
  policy: 'adminOrTenant',
  summary: 'What is not invoiced yet, as if it were an invoice; null when nothing is due',
  load: tenantOfPath,
  answer: draftJson.nullable(),
  handler: async ({ resource }, { invoices, clock }) => {
    const draft = await invoices.draft(resource.pubkey);
    return toDraftJson({ ...draft, tenantPubkey: resource.pubkey, nowS: unixSeconds(clock.now()) });
  },
});
