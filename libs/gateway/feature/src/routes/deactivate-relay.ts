import { defineOwnedRoute } from '../http/define-route.js';
import { relayJson, toRelayJson } from '../json/relay-json.js';
import { deactivateRelay } from '../use-cases/switch-relay.js';
import { relayOfPath } from './owned.js';

export const postDeactivate = defineOwnedRoute({
  method: 'POST',
  path: '/relays/:id/deactivate',
  policy: 'adminOrTenant',
  summary: 'Stops the relay; it costs nothing from now on',
  load: relayOfPath,
  answer: relayJson,
  handler: async ({ caller, resource }, deps) => toRelayJson(await deactivateRelay(deps, { caller, relay: resource })),
});
