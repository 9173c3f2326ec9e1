import { api, eventsQuery } from '@caravel/api-contract';
import { defineOwnedRoute } from '../http/define-route.js';
import { validate } from '../http/validate.js';
import { tenantOfPath } from './owned.js';

export const streamTenantEvents = defineOwnedRoute(api.streamTenantEvents, {
  load: tenantOfPath,
  handler: ({ resource, caller, query, header }, { streams }) => {
    const sent = header('Last-Event-ID');
    const { last_event_id: after } = sent === undefined ? query : validate(eventsQuery, { last_event_id: sent });
    return streams.open({ tenantPubkey: resource.pubkey, caller: caller.pubkey, after });
  },
});
