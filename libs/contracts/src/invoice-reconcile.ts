import { idSchema } from '@caravel/domain';
import { z } from 'zod';
import { defineCall } from './define.js';

/** gateway → billing: ask the payee whether this invoice was paid, and collect it when that is due. */
export const invoiceReconcile = defineCall({
  name: 'invoice-reconcile',
  service: 'billing-service',
  request: z.object({ invoiceId: idSchema }),
  answer: z.object({ done: z.literal(true) }),
  timeoutMs: 4000,
});
