import { api } from '@caravel/api-contract';
import { defineOwnedRoute } from '../http/define-route.js';
import { toRelayJson } from '../json/relay-json.js';
import { relayOfPath } from './owned.js';

export const getRelay = defineOwnedRoute(api.getRelay, {
  load: relayOfPath,
  handler: ({ resource }) => Promise.resolve(toRelayJson(resource)),
});
