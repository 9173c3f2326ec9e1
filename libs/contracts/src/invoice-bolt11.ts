import { idSchema } from '@caravel/domain';
import { z } from 'zod';
import { defineCall, refusedSchema } from './define.js';

/**
 * gateway → billing: make sure the invoice has a live bolt11 (one for at least 10 more minutes), and say which offer it
 * is. `refused` carries the code to answer with.
 */
export const invoiceBolt11 = defineCall({
  name: 'invoice-bolt11',
  service: 'billing-service',
  request: z.object({ invoiceId: idSchema }),
  answer: z.union([z.object({ offerId: idSchema }), refusedSchema('invoice-not-payable', 'service-unavailable')]),
});
