import { activityTypeSchema, idSchema, pubkeySchema } from '@caravel/domain';
import type { Activity } from '@caravel/domain';
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

export function toActivityJson(activity: Activity): z.output<typeof activityJson> {
  return {
    id: activity.id,
    tenant_pubkey: activity.tenantPubkey,
    created_at: activity.atS,
    activity_type: activity.type,
    resource_type: activity.resourceType,
    resource_id: activity.resourceId,
  };
}
