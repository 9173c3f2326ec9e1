import { idSchema } from '@caravel/domain';
import { z } from 'zod';
import { timeJson } from './scalars.js';

/** A Lightning invoice (BOLT 11) that pays one of ours. */
export const bolt11Json = z.object({
  id: idSchema,
  invoice_id: idSchema,
  lnbc: z.string(),
  msats: z.int(),
  created_at: timeJson,
  expires_at: timeJson,
  settled_at: timeJson.nullable(),
});
