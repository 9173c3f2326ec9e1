import { centsSchema, idSchema, pubkeySchema } from '@caravel/domain';
import { z } from 'zod';
import { timeJson } from './scalars.js';

/** An invoice; `amount` is cents. Open while neither paid nor voided. */
export const invoiceJson = z.object({
  id: idSchema,
  tenant_pubkey: pubkeySchema,
  amount: centsSchema,
  period_start: timeJson,
  period_end: timeJson,
  created_at: timeJson,
  paid_at: timeJson.nullable(),
  voided_at: timeJson.nullable(),
  method: z.enum(['nwc', 'stripe', 'oob']).nullable(),
});

/** What would be invoiced now: all fields of an invoice, but it is not stored. */
export const draftJson = z.object({
  ...invoiceJson.shape,
  id: z.literal('draft'),
  period_start: timeJson.nullable(),
  period_end: timeJson.nullable(),
  paid_at: z.null(),
  voided_at: z.null(),
  method: z.null(),
});
