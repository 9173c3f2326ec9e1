import { api } from '@caravel/api-contract';
import { defineOwnedRoute } from '../http/define-route.js';
import { toRelayJson } from '../json/relay-json.js';
import { deactivateRelay } from '../use-cases/switch-relay.js';
import { relayOfPath } from './owned.js';

export const postDeactivate = defineOwnedRoute(api.deactivateRelay, {
  load: relayOfPath,
  handler: async ({ caller, resource }, deps) => toRelayJson(await deactivateRelay(deps, { caller, relay: resource })),
});
