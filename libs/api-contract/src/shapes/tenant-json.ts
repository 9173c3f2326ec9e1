import { pubkeySchema } from '@caravel/domain';
import { z } from 'zod';
import { timeJson } from './scalars.js';

/** A tenant. Whether a wallet is connected is told, its URL never. */
export const tenantJson = z.object({
  pubkey: pubkeySchema,
  return_url: z.string(),
  nwc_is_set: z.boolean(),
  nwc_error: z.string().nullable(),
  stripe_customer_id: z.string(),
  stripe_payment_method_id: z.string().nullable(),
  stripe_error: z.string().nullable(),
  billing_anchor: timeJson.nullable(),
  churned_at: timeJson.nullable(),
  created_at: timeJson,
});
