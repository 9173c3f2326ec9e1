import { activityTypeSchema, idSchema, pubkeySchema, relaySnapshotSchema, unixSeconds } from '@caravel/domain';
import type { Activity, Id } from '@caravel/domain';
import type { Db } from './database.js';

export type ActivityStore = ReturnType<typeof activityStore>;

/** Reads of the log, newest first. */
export function activityStore(db: Db) {
  return {
    ofRelay: async (relayId: Id, { limit }: { limit: number }): Promise<Activity[]> => {
      const rows = await db.activity.findMany({
        where: { resourceId: relayId },
        orderBy: { seq: 'desc' },
        take: limit,
      });
      return rows.map((row) => ({
        id: idSchema.parse(row.id),
        tenantPubkey: pubkeySchema.parse(row.tenantPubkey),
        seq: row.seq,
        atS: unixSeconds(row.at),
        type: activityTypeSchema.parse(row.type),
        resourceType: row.resourceType === 'relay' ? 'relay' : 'tenant',
        resourceId: row.resourceId,
        actor: row.actor,
        snapshot: row.snapshot === null ? null : relaySnapshotSchema.parse(row.snapshot),
      }));
    },
  };
}
