import type { Id, Pubkey } from '@caravel/domain';
import { idSchema, pubkeySchema } from '@caravel/domain';
import { Prisma } from '@caravel/platform-data-access';
import type { PrismaClient } from '@caravel/platform-data-access';
import { messageJoins } from './message-joins.js';

/** A message that this process may deliver until `claimedUntil`; then it is due again for whoever asks. */
export interface ClaimedMessage {
  id: Id;
  tenantPubkey: Pubkey;
  template: string;
  /** As written by the service that added the row: not yet parsed. */
  params: unknown;
  /** The rumor's time. */
  createdAt: Date;
  /** Tries begun, this one included. */
  tries: number;
  /** The words that were fixed by an earlier try; null while none may have left. */
  text: string | null;
  claimedUntil: Date;
}

/** What one relay said to one try. `error` null means that it accepted. */
export interface RelayDelivery {
  relayUrl: string;
  error: string | null;
}

/** What a text says about an invoice, and whether it is still worth saying. */
export interface InvoiceFacts {
  amountCents: number;
  state: 'open' | 'paid' | 'void';
}

export type MessageStore = ReturnType<typeof messageStore>;

/**
 * Messages on their way out, for the role `caravel_robot`. A message is due while it has none of `sent_at`,
 * `undeliverable_at` and `cancelled_at` and its `next_try_at` has come.
 */
export function messageStore(client: PrismaClient) {
  return { ...claims(client), ...facts(client), ...messageJoins(client), ...outcomes(client) };
}

const notOver = Prisma.sql`sent_at IS NULL AND undeliverable_at IS NULL AND cancelled_at IS NULL`;

function claims(client: PrismaClient) {
  return {
    /** Tenants of the `limit` messages that are due longest. Claims nothing. */
    dueTenants: async ({ now, limit }: { now: Date; limit: number }): Promise<Pubkey[]> => {
      const rows = await client.$queryRaw<{ tenant_pubkey: string }[]>`
        SELECT tenant_pubkey FROM (
          SELECT tenant_pubkey, next_try_at FROM message
          WHERE ${notOver} AND next_try_at <= ${now} ORDER BY next_try_at LIMIT ${limit}
        ) AS due
        GROUP BY tenant_pubkey ORDER BY min(next_try_at)`;
      return rows.map((row) => pubkeySchema.parse(row.tenant_pubkey));
    },

    /**
     * The tenant's oldest due message, for this caller alone until `until`: a crash gives it back by itself. Null when
     * none is due, or others hold what is due.
     */
    claimNext: async (
      tenantPubkey: Pubkey,
      { now, until }: { now: Date; until: Date },
    ): Promise<ClaimedMessage | null> => {
      // The row is locked before the update reads it, so two claims at the same instant take different rows.
      const [row] = await client.$queryRaw<ClaimRow[]>`
        WITH due AS MATERIALIZED (
          SELECT id FROM message
          WHERE tenant_pubkey = ${tenantPubkey} AND ${notOver} AND next_try_at <= ${now}
          ORDER BY created_at, id LIMIT 1 FOR UPDATE SKIP LOCKED
        )
        UPDATE message SET next_try_at = ${until}, tries = tries + 1
        FROM due WHERE message.id = due.id
        RETURNING message.id, template, params, created_at, tries, text`;
      if (!row) return null;
      const { template, params, tries, text } = row;
      return {
        id: idSchema.parse(row.id),
        tenantPubkey,
        template,
        params,
        createdAt: row.created_at,
        tries,
        text,
        claimedUntil: until,
      };
    },
  };
}

function facts(client: PrismaClient) {
  return {
    /**
     * Names of the relays the tenant paid for when `asOf` was, oldest first: later creations and deletions don't change
     * the text of a message that is sent again.
     */
    relayNames: async (tenantPubkey: Pubkey, { asOf, limit }: { asOf: Date; limit: number }): Promise<string[]> => {
      const rows = await client.relay.findMany({
        where: {
          tenantPubkey,
          planId: { not: FREE_PLAN },
          createdAt: { lte: asOf },
          OR: [{ deletedAt: null }, { deletedAt: { gt: asOf } }],
        },
        select: { infoName: true, subdomain: true, zooidDomain: true },
        orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
        take: limit,
      });
      return rows.map(({ infoName, subdomain, zooidDomain }) => infoName.trim() || `${subdomain}.${zooidDomain}`);
    },

    /** Null when there is no such invoice of this tenant. */
    invoiceFacts: async (tenantPubkey: Pubkey, invoiceId: Id): Promise<InvoiceFacts | null> => {
      const row = await client.invoice.findFirst({
        where: { id: invoiceId, tenantPubkey },
        select: { amountCents: true, paidAt: true, voidedAt: true },
      });
      if (!row) return null;
      return { amountCents: row.amountCents, state: row.paidAt ? 'paid' : row.voidedAt ? 'void' : 'open' };
    },

    /** True when a relay has accepted the message in an earlier try that could not be brought to its end. */
    wasAccepted: async (id: Id): Promise<boolean> => {
      const row = await client.messageDelivery.findFirst({
        where: { messageId: id, acceptedAt: { not: null } },
        select: { relayUrl: true },
      });
      return row !== null;
    },
  };
}

/** Every plans file has it (`caravel.md` section 4). */
const FREE_PLAN = 'free';

function outcomes(client: PrismaClient) {
  /** Writes only while the claim holds: who was too slow must not undo what the next one did. */
  const end = async ({ id, claimedUntil }: Claim, changes: Prisma.Sql): Promise<void> => {
    await client.$executeRaw`
      UPDATE message SET ${changes} WHERE id = ${id} AND ${notOver} AND next_try_at = ${claimedUntil}`;
  };
  return {
    /**
     * The words this message goes out with from now on: those given, or those fixed before. To be called before it first leaves,
     * so that every try is the same rumor. Null when the claim has run out: what happens now is up to whoever holds it.
     */
    fixText: async ({ id, claimedUntil }: Claim, text: string): Promise<string | null> => {
      const [row] = await client.$queryRaw<{ text: string }[]>`
        UPDATE message SET text = COALESCE(text, ${text})
        WHERE id = ${id} AND ${notOver} AND next_try_at = ${claimedUntil} RETURNING text`;
      return row?.text ?? null;
    },

    /** What each relay said last, and how often it was asked; the time of its acceptance stays. Urls must differ. */
    recordDeliveries: async (id: Id, deliveries: readonly RelayDelivery[], at: Date): Promise<void> => {
      if (deliveries.length === 0) return;
      const rows = deliveries.map(
        ({ relayUrl, error }) => Prisma.sql`(${id}, ${relayUrl}, ${at}::timestamptz,
          ${error === null ? at : null}::timestamptz, ${error}::text)`,
      );
      await client.$executeRaw`
        INSERT INTO message_delivery AS known (message_id, relay_url, tried_at, accepted_at, error)
        VALUES ${Prisma.join(rows)}
        ON CONFLICT (message_id, relay_url) DO UPDATE
          SET tried_at = excluded.tried_at, error = excluded.error, tries = known.tries + 1,
            accepted_at = COALESCE(known.accepted_at, excluded.accepted_at)`;
    },

    /** Also after the claim ran out: it has been sent, whoever holds it now. */
    markSent: async ({ id }: Claim, at: Date): Promise<void> => {
      await client.$executeRaw`
        UPDATE message SET sent_at = ${at}, next_try_at = NULL, error = NULL, text = NULL WHERE id = ${id} AND ${notOver}`;
    },
    markRetry: (claim: Claim, { nextTryAt, error }: { nextTryAt: Date; error: string }): Promise<void> =>
      end(claim, Prisma.sql`next_try_at = ${nextTryAt}, error = ${error}`),
    markUndeliverable: (claim: Claim, { at, error }: { at: Date; error: string }): Promise<void> =>
      end(claim, Prisma.sql`undeliverable_at = ${at}, next_try_at = NULL, error = ${error}, text = NULL`),
    cancel: (claim: Claim, at: Date): Promise<void> =>
      end(claim, Prisma.sql`cancelled_at = ${at}, next_try_at = NULL, error = NULL, text = NULL`),
    /** Gives the message back as if it had not been claimed: the process stops in the middle of a try. */
    release: (claim: Claim, now: Date): Promise<void> =>
      end(claim, Prisma.sql`next_try_at = ${now}, tries = tries - 1`),
  };
}

type Claim = Pick<ClaimedMessage, 'id' | 'claimedUntil'>;

interface ClaimRow {
  id: string;
  template: string;
  params: unknown;
  created_at: Date;
  tries: number;
  text: string | null;
}
