import { activityTypeSchema, idSchema, pubkeySchema, relaySnapshotSchema, unixSeconds } from '@caravel/domain';
import type { Activity, Id, Pubkey } from '@caravel/domain';
import type { Db } from './database.js';
import type { Prisma } from './generated/client.js';
import { decodeCursor, encodeCursor, pageOf } from './page.js';
import type { Page, PageRequest } from './page.js';

/** `seq` is a 32-bit column; a forged cursor may ask for more. */
const MAX_SEQ = 2_147_483_647;

export type ActivityStore = ReturnType<typeof activityStore>;

/** Reads of the log, newest first. */
export function activityStore(db: Db) {
  return {
    ofRelay: (relayId: Id, page: PageRequest) => list(db, { resourceId: relayId }, page),
    ofTenant: (tenantPubkey: Pubkey, page: PageRequest) => list(db, { tenantPubkey }, page),
  };
}

async function list(db: Db, where: Prisma.ActivityWhereInput, { limit, cursor }: PageRequest): Promise<Page<Activity>> {
  const after = cursor === undefined ? undefined : decodeCursor(cursor);
  const rows = await db.activity.findMany({
    where: { ...where, ...(after && { seq: { lt: Math.min(after.position, MAX_SEQ) } }) },
    orderBy: { seq: 'desc' },
    take: limit + 1,
  });
  return pageOf(rows, {
    limit,
    cursorOf: ({ seq, id }) => encodeCursor({ position: seq, key: id }),
    map: toActivity,
  });
}

export function toActivity(row: Prisma.ActivityGetPayload<object>): Activity {
  return {
    id: idSchema.parse(row.id),
    tenantPubkey: pubkeySchema.parse(row.tenantPubkey),
    seq: row.seq,
    atS: unixSeconds(row.at),
    type: activityTypeSchema.parse(row.type),
    resourceType: row.resourceType === 'relay' ? 'relay' : 'tenant',
    resourceId: row.resourceId,
    actor: row.actor,
    snapshot: row.snapshot === null ? null : relaySnapshotSchema.parse(row.snapshot),
  };
}
