import { idSchema } from '@caravel/domain';
import type { Clock, Id, Pubkey } from '@caravel/domain';
import type { PrismaClient } from '@caravel/platform-data-access';

/** What a tenant sees in the client. */
export function eyes(client: PrismaClient, { clock }: { clock: Clock }) {
  return {
    openInvoices: async (tenantPubkey: Pubkey): Promise<Id[]> => {
      const where = { tenantPubkey, paidAt: null, voidedAt: null };
      const rows = await client.invoice.findMany({ where, orderBy: { issuedAt: 'asc' }, select: { id: true } });
      return rows.map(({ id }) => idSchema.parse(id));
    },
    /** The bolt11 that the client shows for an invoice. */
    shown: async (invoiceId: Id): Promise<string | null> => {
      const row = await client.offer.findFirst({ where: { invoiceId, kind: 'bolt11', live: true } });
      return row?.lnbc ?? null;
    },
    /** Bolt11s of this tenant that can still be paid. */
    seen: async (tenantPubkey: Pubkey): Promise<string[]> => {
      const where = { tenantPubkey, kind: 'bolt11', expiresAt: { gt: clock.now() } };
      const rows = await client.offer.findMany({ where, orderBy: { createdAt: 'asc' }, select: { lnbc: true } });
      return rows.flatMap(({ lnbc }) => lnbc ?? []);
    },
  };
}
