import { api } from '@caravel/api-contract';
import { defineOwnedRoute } from '../http/define-route.js';
import { toRelayJson } from '../json/relay-json.js';
import { reactivateRelay } from '../use-cases/switch-relay.js';
import { anyRelayOfPath } from './owned.js';

export const postReactivate = defineOwnedRoute(api.reactivateRelay, {
  load: anyRelayOfPath,
  handler: async ({ caller, resource }, deps) => toRelayJson(await reactivateRelay(deps, { caller, relay: resource })),
});
