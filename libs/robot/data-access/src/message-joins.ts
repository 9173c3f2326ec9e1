import { idSchema } from '@caravel/domain';
import type { Id, Pubkey } from '@caravel/domain';
import { Prisma } from '@caravel/platform-data-access';
import type { PrismaClient } from '@caravel/platform-data-access';
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
    fixJoined: async (message: Leader, { ids, text, now, quietMs }: JoinedWords): Promise<FixedWords> => {
      const [fixed] = await client.$queryRaw<FixedRow[]>`
        SELECT kind, said, until FROM fix_joined_message(${message.id}, ${message.claimedUntil}::timestamptz,
          ${[...ids]}::text[], ${text}, ${now}::timestamptz, make_interval(secs => ${quietMs / 1000}::double precision))`;
      return fixed ? toFixedWords(fixed) : { kind: 'interrupted' };
    },

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

function toFixedWords({ kind, said, until }: FixedRow): FixedWords {
  if (kind === 'text' && said !== null) return { kind, text: said };
  if (kind === 'later' && until) return { kind, until };
  return { kind: kind === 'changed' ? kind : 'interrupted' };
}

export type Leader = Pick<ClaimedMessage, 'id' | 'tenantPubkey' | 'template' | 'claimedUntil'>;

export interface JoinedWords {
  ids: readonly Id[];
  text: string;
  now: Date;
  quietMs: number;
}

interface FixedRow {
  kind: string;
  said: string | null;
  until: Date | null;
}
