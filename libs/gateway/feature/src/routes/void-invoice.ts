import { invoiceVoid } from '@caravel/contracts';
import { z } from 'zod';
import { defineAdminRoute } from '../http/define-route.js';
import { invoiceJson, toInvoiceJson } from '../json/invoice-json.js';
import { reasonJson } from '../json/reason-json.js';
import { commandBilling } from '../use-cases/command-billing.js';
import { invoiceOfPath } from './owned.js';

export const postVoid = defineAdminRoute({
  method: 'POST',
  path: '/invoices/:id/void',
  summary: 'Ends an open invoice: forgive voids its items too, recut has them come with the next invoice',
  load: invoiceOfPath,
  body: z.object({ mode: z.enum(['forgive', 'recut']), reason: reasonJson }),
  answer: invoiceJson,
  errors: ['invoice-not-payable', 'service-unavailable'],
  handler: async ({ resource, body, caller, commandId }, deps) => {
    const command = { commandId: commandId('void'), actor: caller.pubkey, ...body };
    await commandBilling(deps, invoiceVoid, { ...command, invoiceId: resource.id });
    return toInvoiceJson((await deps.invoices.find(resource.id)) ?? resource);
  },
});
