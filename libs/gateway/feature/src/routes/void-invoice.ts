import { api } from '@caravel/api-contract';
import { invoiceVoid } from '@caravel/contracts';
import { defineAdminRoute } from '../http/define-route.js';
import { toInvoiceJson } from '../json/invoice-json.js';
import { commandBilling } from '../use-cases/command-billing.js';
import { invoiceOfPath } from './owned.js';

export const postVoid = defineAdminRoute(api.voidInvoice, {
  elsewhere: true,
  load: invoiceOfPath,
  handler: async ({ resource, body, caller, commandId }, deps) => {
    const command = { commandId: commandId('void'), actor: caller.pubkey, ...body };
    await commandBilling(deps, invoiceVoid, { ...command, invoiceId: resource.id });
    return toInvoiceJson((await deps.invoices.find(resource.id)) ?? resource);
  },
});
