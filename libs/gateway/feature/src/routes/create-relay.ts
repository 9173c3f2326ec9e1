import { api } from '@caravel/api-contract';
import { defineRoute } from '../http/define-route.js';
import { toRelayJson } from '../json/relay-json.js';
import { createRelay } from '../use-cases/create-relay.js';

export const postRelay = defineRoute(api.createRelay, {
  ownerOf: (body, caller) => body.tenant_pubkey ?? caller.pubkey,
  handler: async ({ caller, body }, deps) => toRelayJson(await createRelay(deps, { caller, body })),
});
