import { pubkeySchema } from '@caravel/domain';
import { z } from 'zod';
import { defineOwnedRoute } from '../http/define-route.js';
import { relayMembersOf } from '../use-cases/relay-members.js';
import { relayOfPath } from './owned.js';

export const listRelayMembers = defineOwnedRoute({
  method: 'GET',
  path: '/relays/:id/members',
  policy: 'adminOrTenant',
  summary: "The relay's members, asked live; none before it is up",
  load: relayOfPath,
  answer: z.object({ members: z.array(pubkeySchema) }),
  errors: ['service-unavailable'],
  handler: async ({ resource }, deps) => ({ members: await relayMembersOf(deps, resource) }),
});
