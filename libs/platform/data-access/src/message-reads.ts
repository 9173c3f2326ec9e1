import { idSchema, pubkeySchema, unixSeconds } from '@caravel/domain';
import type { Message, Pubkey } from '@caravel/domain';
import { z } from 'zod';
import type { Db } from './database.js';
import type { Prisma } from './generated/client.js';
import { decodeCursor, encodeCursor, pageOf } from './page.js';
import type { Page, PageRequest } from './page.js';

export type MessageReads = ReturnType<typeof messageReads>;

/** What the robot tells a tenant, newest first. */
export function messageReads(db: Db) {
  return {
    ofTenant: async (tenantPubkey: Pubkey, { limit, cursor }: PageRequest): Promise<Page<Message>> => {
      const after = cursor === undefined ? undefined : decodeCursor(cursor);
      const createdAt = after && new Date(after.position);
      const rows = await db.message.findMany({
        where: {
          tenantPubkey,
          ...(after &&
            createdAt && {
              createdAt: { lte: createdAt },
              OR: [{ createdAt: { lt: createdAt } }, { id: { gt: after.key } }],
            }),
        },
        orderBy: [{ createdAt: 'desc' }, { id: 'asc' }],
        take: limit + 1,
      });
      return pageOf(rows, {
        limit,
        cursorOf: (row) => encodeCursor({ position: row.createdAt.getTime(), key: row.id }),
        map: toMessage,
      });
    },
  };
}

export function toMessage(row: Prisma.MessageGetPayload<object>): Message {
  return {
    id: idSchema.parse(row.id),
    tenantPubkey: pubkeySchema.parse(row.tenantPubkey),
    template: row.template,
    subject: row.subject,
    params: paramsSchema.parse(row.params),
    createdAtS: unixSeconds(row.createdAt),
    sentAtS: secondsOrNull(row.sentAt),
    undeliverableAtS: secondsOrNull(row.undeliverableAt),
    cancelledAtS: secondsOrNull(row.cancelledAt),
  };
}

const paramsSchema = z.record(z.string(), z.unknown());
const secondsOrNull = (date: Date | null) => (date ? unixSeconds(date) : null);
