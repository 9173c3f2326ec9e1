import { centsSchema, idSchema, pubkeySchema } from '@caravel/domain';
import { z } from 'zod';
import { timeJson } from './scalars.js';

/** What a message says beside its words; each only where it is known. `amount_cents` is what is owed or was paid. */
export const messageParamsJson = z.object({
  invoice_id: idSchema.exactOptional(),
  amount_cents: centsSchema.exactOptional(),
  sats: z.int().exactOptional(),
  method: z.enum(['nwc', 'stripe', 'oob']).exactOptional(),
  error: z.string().exactOptional(),
  days: z.int().exactOptional(),
  relay_id: idSchema.exactOptional(),
  relay_name: z.string().exactOptional(),
  members: z.int().exactOptional(),
  member_limit: z.int().exactOptional(),
  /** Unix seconds. */
  stop_at: z.int().exactOptional(),
  delete_at: z.int().exactOptional(),
});

/** A message of the robot's. On its way while it has none of the last three times. */
export const messageJson = z.object({
  id: idSchema,
  tenant_pubkey: pubkeySchema,
  template: z.string(),
  subject: z.string(),
  params: messageParamsJson,
  created_at: timeJson,
  sent_at: timeJson.nullable(),
  undeliverable_at: timeJson.nullable(),
  cancelled_at: timeJson.nullable(),
});
