import { api } from '@caravel/api-contract';
import { tenantClearGrace } from '@caravel/contracts';
import { defineAdminRoute } from '../http/define-route.js';
import { commandBilling } from '../use-cases/command-billing.js';
import { tenantOfPath } from './owned.js';

export const postClearGrace = defineAdminRoute(api.clearGrace, {
  elsewhere: true,
  load: tenantOfPath,
  handler: ({ resource, body, caller, commandId }, deps) =>
    commandBilling(deps, tenantClearGrace, {
      commandId: commandId('clear-grace'),
      actor: caller.pubkey,
      reason: body.reason,
      tenantPubkey: resource.pubkey,
    }),
});
