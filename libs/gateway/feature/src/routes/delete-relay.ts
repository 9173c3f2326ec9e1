import { api } from '@caravel/api-contract';
import { defineOwnedRoute } from '../http/define-route.js';
import { toRelayJson } from '../json/relay-json.js';
import { deleteRelay } from '../use-cases/delete-relay.js';
import { relayOfPath } from './owned.js';

export const removeRelay = defineOwnedRoute(api.deleteRelay, {
  load: relayOfPath,
  handler: async ({ caller, resource }, deps) => toRelayJson(await deleteRelay(deps, { caller, relay: resource })),
});
