import { defineOwnedRoute } from '../http/define-route.js';
import { relayJson, toRelayJson } from '../json/relay-json.js';
import { reactivateRelay } from '../use-cases/switch-relay.js';
import { relayOfPath } from './owned.js';

export const postReactivate = defineOwnedRoute({
  method: 'POST',
  path: '/relays/:id/reactivate',
  policy: 'adminOrTenant',
  summary: 'Starts a stopped relay again; one that is paused for an unpaid invoice comes back by paying',
  load: relayOfPath,
  answer: relayJson,
  errors: ['relay-delinquent', 'account-past-due'],
  handler: async ({ caller, resource }, deps) => toRelayJson(await reactivateRelay(deps, { caller, relay: resource })),
});
