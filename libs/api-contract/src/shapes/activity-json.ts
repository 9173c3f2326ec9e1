import { activityTypeSchema, idSchema, pubkeySchema } from '@caravel/domain';
import { z } from 'zod';
import { timeJson } from './scalars.js';

/** One line of the log; the snapshot that billing replays is not shown. */
export const activityJson = z.object({
  id: idSchema,
  tenant_pubkey: pubkeySchema,
  created_at: timeJson,
  activity_type: activityTypeSchema,
  resource_type: z.enum(['tenant', 'relay']),
  resource_id: z.string(),
});
