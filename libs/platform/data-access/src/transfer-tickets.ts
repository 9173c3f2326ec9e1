import { createHash, randomBytes } from 'node:crypto';
import { idSchema } from '@caravel/domain';
import type { Id } from '@caravel/domain';
import type { Db } from './database.js';

export type TransferTickets = ReturnType<typeof transferTickets>;

/**
 * Leave for one stream of a relay's events between gateway and provisioner: used once, within half a minute. What is stored
 * is the hash of what is shown, so that who reads the table can't use it. The database's clock counts.
 */
export function transferTickets(db: Db) {
  return {
    issue: async (relayId: Id, direction: TransferDirection): Promise<string> => {
      const ticket = randomBytes(32).toString('base64url');
      await db.$executeRaw`
        INSERT INTO transfer_ticket (id, relay_id, direction, expires_at)
        VALUES (${hashOf(ticket)}, ${relayId}, ${direction}, now() + interval '30 seconds')`;
      return ticket;
    },

    /** Whose it is; null for one that was used, has expired, is for the other direction or was never issued. */
    take: async (ticket: string, direction: TransferDirection): Promise<Id | null> => {
      const [row] = await db.$queryRaw<{ relay_id: string }[]>`
        DELETE FROM transfer_ticket
        WHERE id = ${hashOf(ticket)} AND direction = ${direction} AND expires_at > now() RETURNING relay_id`;
      return row ? idSchema.parse(row.relay_id) : null;
    },

    sweep: async (): Promise<void> => {
      await db.$executeRaw`DELETE FROM transfer_ticket WHERE expires_at < now()`;
    },
  };
}

const hashOf = (ticket: string): string => createHash('sha256').update(ticket).digest('hex');

export type TransferDirection = 'export' | 'import';
