import { api } from '@caravel/api-contract';
import { tenantRefund } from '@caravel/contracts';
import { cents } from '@caravel/domain';
import { defineAdminRoute } from '../http/define-route.js';
import { commandBilling } from '../use-cases/command-billing.js';
import { tenantOfPath } from './owned.js';

export const postRefund = defineAdminRoute(api.refundTenant, {
  elsewhere: true,
  load: tenantOfPath,
  handler: async ({ resource, body, caller, commandId }, deps) => {
    const { uncoveredCents } = await commandBilling(deps, tenantRefund, {
      commandId: commandId('refund'),
      actor: caller.pubkey,
      reason: body.reason,
      tenantPubkey: resource.pubkey,
      amountCents: cents(body.amount),
    });
    return { done: true as const, ...(uncoveredCents && { uncovered: uncoveredCents }) };
  },
});
