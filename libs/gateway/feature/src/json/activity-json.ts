import type { activityJson } from '@caravel/api-contract';
import type { Activity } from '@caravel/domain';
import type { z } from 'zod';

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
