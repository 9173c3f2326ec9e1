import { api } from '@caravel/api-contract';
import { tenantAdjust } from '@caravel/contracts';
import { cents } from '@caravel/domain';
import { defineAdminRoute } from '../http/define-route.js';
import { commandBilling } from '../use-cases/command-billing.js';
import { tenantOfPath } from './owned.js';

export const postAdjustment = defineAdminRoute(api.adjustTenant, {
  elsewhere: true,
  load: tenantOfPath,
  handler: ({ resource, body, caller, commandId }, deps) =>
    commandBilling(deps, tenantAdjust, {
      commandId: commandId('adjust'),
      actor: caller.pubkey,
      reason: body.reason,
      tenantPubkey: resource.pubkey,
      amountCents: cents(body.amount),
    }),
});
