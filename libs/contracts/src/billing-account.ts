import { pubkeySchema } from '@caravel/domain';
import { z } from 'zod';
import { defineBell } from './define.js';

/** gateway, provisioner → billing: the tenant has facts not yet billed, or a new way to pay. Replay, cut, collect. */
export const billingAccount = defineBell({
  name: 'billing-account',
  payload: z.object({ tenantPubkey: pubkeySchema }),
  subject: ({ tenantPubkey }) => tenantPubkey,
});
