import { defineOwnedRoute } from '../http/define-route.js';
import { relayJson, toRelayJson } from '../json/relay-json.js';
import { relayOfPath } from './owned.js';

export const getRelay = defineOwnedRoute({
  method: 'GET',
  path: '/relays/:id',
  policy: 'adminOrTenant',
  summary: 'A relay',
  load: relayOfPath,
  answer: relayJson,
  handler: ({ resource }) => Promise.resolve(toRelayJson(resource)),
});
