import { centsSchema, idSchema, pubkeySchema } from '@caravel/domain';
import { z } from 'zod';
import { timeJson } from './scalars.js';

/** A charge (positive cents) or credit (negative); `invoice_id` is null while it is not billed. */
export const invoiceItemJson = z.object({
  id: idSchema,
  invoice_id: idSchema.nullable(),
  activity_id: idSchema.nullable(),
  tenant_pubkey: pubkeySchema,
  /** Null for what belongs to no relay, such as a payment that came late. */
  relay_id: idSchema.nullable(),
  plan_id: z.string(),
  amount: centsSchema,
  description: z.string(),
  created_at: timeJson,
  voided_at: timeJson.nullable(),
});
