import { api } from '@caravel/api-contract';
import { defineOwnedRoute } from '../http/define-route.js';
import { relayMembersOf } from '../use-cases/relay-members.js';
import { relayOfPath } from './owned.js';

export const listRelayMembers = defineOwnedRoute(api.listRelayMembers, {
  load: relayOfPath,
  handler: async ({ resource }, deps) => ({ members: await relayMembersOf(deps, resource) }),
});
