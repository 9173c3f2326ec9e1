import { api } from '@caravel/api-contract';
import { defineOwnedRoute } from '../http/define-route.js';
import { toRelayJson } from '../json/relay-json.js';
import { updateRelay } from '../use-cases/update-relay.js';
import { relayOfPath } from './owned.js';

export const putRelay = defineOwnedRoute(api.updateRelay, {
  load: relayOfPath,
  handler: async ({ caller, resource, body }, deps) =>
    toRelayJson(await updateRelay(deps, { caller, relay: resource, body })),
});
