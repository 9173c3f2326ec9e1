import type { Id, Pubkey, Relay } from '@caravel/domain';
import type { Db } from './database.js';
import type { Prisma } from './generated/client.js';
import { decodeCursor, encodeCursor, pageOf } from './page.js';
import type { Page, PageRequest } from './page.js';
import { toRelay, withSync } from './relay-row.js';

export type RelayStore = ReturnType<typeof relayStore>;

/** Reads of relays; deleted ones are not there. Lists are newest first. */
export function relayStore(db: Db) {
  return {
    find: async (id: Id): Promise<Relay | null> => {
      const row = await db.relay.findUnique({ where: { id, deletedAt: null }, include: withSync });
      return row && toRelay(row);
    },
    /** One that was deleted and may be had back. */
    findDeleted: async (id: Id): Promise<Relay | null> => {
      const where = { id, deletedAt: { not: null }, removedAt: null };
      const row = await db.relay.findUnique({ where, include: withSync });
      return row && toRelay(row);
    },
    list: (page: PageRequest): Promise<Page<Relay>> => list(db, {}, page),
    listOfTenant: (tenantPubkey: Pubkey, page: PageRequest): Promise<Page<Relay>> => list(db, { tenantPubkey }, page),
  };
}

async function list(db: Db, where: Prisma.RelayWhereInput, { limit, cursor }: PageRequest): Promise<Page<Relay>> {
  const after = cursor === undefined ? undefined : decodeCursor(cursor);
  const rows = await db.relay.findMany({
    where: {
      ...where,
      deletedAt: null,
      ...(after && {
        createdAt: { lte: new Date(after.position) },
        OR: [{ createdAt: { lt: new Date(after.position) } }, { id: { gt: after.key } }],
      }),
    },
    include: withSync,
    orderBy: [{ createdAt: 'desc' }, { id: 'asc' }],
    take: limit + 1,
  });
  return pageOf(rows, {
    limit,
    cursorOf: (row) => encodeCursor({ position: row.createdAt.getTime(), key: row.id }),
    map: toRelay,
  });
}
