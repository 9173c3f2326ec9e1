import { tenantRefund } from '@caravel/contracts';
import { cents } from '@caravel/domain';
import { z } from 'zod';
import { defineAdminRoute } from '../http/define-route.js';
import { doneJson } from '../json/done-json.js';
import { reasonJson } from '../json/reason-json.js';
import { commandBilling } from '../use-cases/command-billing.js';
import { tenantOfPath } from './owned.js';

const MAX_CENTS = 10_000_000;

export const postRefund = defineAdminRoute({
  method: 'POST',
  path: '/tenants/:pubkey/refunds',
  summary: 'Gives credit back to the card it came from',
  load: tenantOfPath,
  body: z.object({ amount: z.int().min(1).max(MAX_CENTS), reason: reasonJson }),
  answer: doneJson,
  errors: ['invoice-not-payable', 'service-unavailable'],
  handler: ({ resource, body, caller, commandId }, deps) =>
    commandBilling(deps, tenantRefund, {
      commandId: commandId('refund'),
      actor: caller.pubkey,
      reason: body.reason,
      tenantPubkey: resource.pubkey,
      amountCents: cents(body.amount),
    }),
});
