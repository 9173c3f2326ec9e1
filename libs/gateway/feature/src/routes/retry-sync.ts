import { api } from '@caravel/api-contract';
import { defineOwnedRoute } from '../http/define-route.js';
import { toRelayJson } from '../json/relay-json.js';
import { retrySync } from '../use-cases/retry-sync.js';
import { relayOfPath } from './owned.js';

export const postSync = defineOwnedRoute(api.retrySync, {
  load: relayOfPath,
  handler: async ({ caller, resource }, deps) => toRelayJson(await retrySync(deps, { caller, relay: resource })),
});
