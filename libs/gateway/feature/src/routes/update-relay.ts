import { defineOwnedRoute } from '../http/define-route.js';
import { relayJson, toRelayJson } from '../json/relay-json.js';
import { updateRelayBody } from '../rules/relay-fields.js';
import { updateRelay, updateRelayErrors } from '../use-cases/update-relay.js';
import { relayOfPath } from './owned.js';

export const putRelay = defineOwnedRoute({
  method: 'PUT',
  path: '/relays/:id',
  policy: 'adminOrTenant',
  summary: 'Changes the fields that are sent; a smaller plan switches off what it does not include',
  load: relayOfPath,
  body: updateRelayBody,
  answer: relayJson,
  errors: ['forbidden', ...updateRelayErrors],
  handler: async ({ caller, resource, body }, deps) =>
    toRelayJson(await updateRelay(deps, { caller, relay: resource, body })),
});
