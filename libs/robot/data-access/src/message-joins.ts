import { idSchema } from '@caravel/domain';
import type { Id, Pubkey } from '@caravel/domain';
import { inTransaction, Prisma } from '@caravel/platform-data-access';
import type { PrismaClient, Tx } from '@caravel/platform-data-access';
import type { ClaimedMessage } from './message-store.js';

/** A fact of the same kind that nobody has begun to tell. */
export interface WaitingMessage {
  id: Id;
  /** As written by the service that added the row: not yet parsed. */
  params: unknown;
  createdAt: Date;
}

/** What became of the words: fixed, to be said later, somebody else's, or made for facts that others took meanwhile. */
export type FixedWords =
  { kind: 'text'; text: string } | { kind: 'later'; until: Date } | { kind: 'interrupted' } | { kind: 'changed' };

/** The quiet rules in rows: at most one message of a kind on its way, and one within `quietMs`; what waits joins it. */
export function messageJoins(client: PrismaClient) {
  return {
    /**
     * What may be told together with a claimed message: of its tenant and kind, due or taken in by it before, the oldest first. One
     * that others have claimed, too: whoever fixes the words first has it.
     */
    waitingWith: async (message: Leader, { now, limit }: { now: Date; limit: number }): Promise<WaitingMessage[]> => {
      const rows = await client.$queryRaw<{ id: string; params: unknown; created_at: Date }[]>`
        SELECT id, params, created_at FROM message
        WHERE ${kindOf(message)} AND id <> ${message.id} AND ${untold} AND (joined_into = ${message.id}
          OR (joined_into IS NULL AND (next_try_at <= ${now} OR tries > 0)))
        ORDER BY joined_into IS NULL, created_at, id LIMIT ${limit}`;
      return rows.map(({ id, params, created_at: createdAt }) => ({ id: idSchema.parse(id), params, createdAt }));
    },

    /**
     * Fixes the words of a claimed message, and that they tell `ids`, too; what it took in before and does not tell now is due by
     * itself. All of it or nothing, under a lock of the tenant's messages: of two that are ready at the same instant one takes in
     * the other, and the other answers `interrupted`.
     */
    fixJoined: (message: Leader, words: JoinedWords): Promise<FixedWords> =>
      inTransaction(client, (tx) => fixJoined(tx, message, words)).catch((error: unknown): FixedWords => {
        if (error instanceof TakenMeanwhile) return { kind: 'changed' };
        throw error;
      }),

    /** Not now: due again at `until`, and the try does not count. */
    postpone: async ({ id, claimedUntil }: Leader, until: Date): Promise<void> => {
      await client.$executeRaw`
        UPDATE message SET next_try_at = ${until}, tries = tries - 1
        WHERE id = ${id} AND ${notOver} AND next_try_at = ${claimedUntil}`;
    },

    /** True while the tenant has relays that stand still because of an unpaid invoice. */
    isPaused: async (tenantPubkey: Pubkey): Promise<boolean> => {
      const row = await client.relay.findFirst({
        where: { tenantPubkey, status: 'delinquent', deletedAt: null },
        select: { id: true },
      });
      return row !== null;
    },
  };
}

const notOver = Prisma.sql`sent_at IS NULL AND undeliverable_at IS NULL AND cancelled_at IS NULL`;
const untold = Prisma.sql`${notOver} AND text IS NULL`;
const kindOf = ({ tenantPubkey, template }: Leader) =>
  Prisma.sql`tenant_pubkey = ${tenantPubkey} AND template = ${template}`;

async function fixJoined(tx: Tx, message: Leader, { ids, text, now, quietMs }: JoinedWords): Promise<FixedWords> {
  const { id, tenantPubkey, claimedUntil } = message;
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('messages-of ' || ${tenantPubkey}, 0))`;
  const [known] = await tx.$queryRaw<KnownRow[]>`
    SELECT text, (SELECT max(sent_at) FROM message WHERE ${kindOf(message)}
                    AND sent_at > ${new Date(now.getTime() - quietMs)}) AS last_sent,
      (SELECT min(next_try_at) FROM message WHERE ${kindOf(message)} AND id <> ${id} AND ${notOver}
         AND text IS NOT NULL) AS next_try
    FROM message WHERE id = ${id} AND ${notOver} AND next_try_at = ${claimedUntil} AND joined_into IS NULL`;
  if (!known) return { kind: 'interrupted' };
  if (known.text !== null) return { kind: 'text', text: known.text };
  if (known.next_try)
    return { kind: 'later', until: new Date(Math.max(known.next_try.getTime(), now.getTime()) + AFTER_MS) };
  if (known.last_sent) return { kind: 'later', until: new Date(known.last_sent.getTime() + quietMs) };

  const others = [...ids];
  await tx.$executeRaw`
    UPDATE message SET joined_into = NULL, next_try_at = ${now}
    WHERE joined_into = ${id} AND ${notOver} AND id <> ALL(${others}::text[])`;
  const joined = await tx.$executeRaw`
    UPDATE message SET joined_into = ${id}, next_try_at = NULL
    WHERE id = ANY(${others}::text[]) AND ${kindOf(message)} AND ${untold} AND (joined_into IS NULL OR joined_into = ${id})`;
  if (joined !== others.length) throw new TakenMeanwhile();
  await tx.$executeRaw`UPDATE message SET text = ${text} WHERE id = ${id}`;
  return { kind: 'text', text };
}

/** So that who waits for another's next try looks after it. */
const AFTER_MS = 1_000;

/** Rolls back. */
class TakenMeanwhile extends Error {}

export type Leader = Pick<ClaimedMessage, 'id' | 'tenantPubkey' | 'template' | 'claimedUntil'>;

export interface JoinedWords {
  ids: readonly Id[];
  text: string;
  now: Date;
  quietMs: number;
}

interface KnownRow {
  text: string | null;
  last_sent: Date | null;
  next_try: Date | null;
}
