import { defineRoute } from '../http/define-route.js';
import { relayJson, toRelayJson } from '../json/relay-json.js';
import { createRelayBody } from '../rules/relay-fields.js';
import { createRelay, createRelayErrors } from '../use-cases/create-relay.js';

export const postRelay = defineRoute({
  method: 'POST',
  path: '/relays',
  policy: 'adminOrTenant',
  summary: 'Creates a relay for the caller, or as an admin for the tenant in the body; it comes up by itself',
  ownerOf: (body, caller) => body.tenant_pubkey ?? caller.pubkey,
  body: createRelayBody,
  status: 201,
  answer: relayJson,
  errors: createRelayErrors,
  handler: async ({ caller, body }, deps) => toRelayJson(await createRelay(deps, { caller, body })),
});
