import { tenantAdjust } from '@caravel/contracts';
import { cents } from '@caravel/domain';
import { z } from 'zod';
import { defineAdminRoute } from '../http/define-route.js';
import { doneJson } from '../json/done-json.js';
import { reasonJson } from '../json/reason-json.js';
import { commandBilling } from '../use-cases/command-billing.js';
import { tenantOfPath } from './owned.js';

/** More is a slip of the keyboard. */
const MAX_CENTS = 10_000_000;
const amount = z
  .int()
  .min(-MAX_CENTS)
  .max(MAX_CENTS)
  .refine((value) => value !== 0, { error: 'must not be zero' });

export const postAdjustment = defineAdminRoute({
  method: 'POST',
  path: '/tenants/:pubkey/adjustments',
  summary:
    'A credit note (negative cents) or an extra charge (positive), on the next invoice; credit meets open invoices',
  load: tenantOfPath,
  body: z.object({ amount, reason: reasonJson }),
  answer: doneJson,
  errors: ['service-unavailable'],
  handler: ({ resource, body, caller, commandId }, deps) =>
    commandBilling(deps, tenantAdjust, {
      commandId: commandId('adjust'),
      actor: caller.pubkey,
      reason: body.reason,
      tenantPubkey: resource.pubkey,
      amountCents: cents(body.amount),
    }),
});
