import type { Clock, Pubkey } from '@caravel/domain';
import { Prisma } from '@caravel/platform-data-access';
import type { PrismaClient } from '@caravel/platform-data-access';
import { isOpen } from './collection-due.js';

/** Stripe is asked about one tenant's card at most this often, whoever is curious. */
const CHECK_PAUSE_MS = 10_000;

const owes = Prisma.sql`EXISTS (SELECT FROM invoice WHERE invoice.tenant_pubkey = billing.tenant_pubkey AND ${isOpen})`;

export interface CardCheck {
  customerId: string;
  cardId: string | null;
}

/** Stripe's customers and the card that each has saved, as Stripe said when it was last asked. */
export function customerStore(client: PrismaClient, { clock }: { clock: Clock }) {
  return {
    /** '' when the tenant has none yet. */
    customerOf: async (tenantPubkey: Pubkey): Promise<string> => {
      const [row] = await client.$queryRaw<{ stripe_customer_id: string }[]>`
        SELECT stripe_customer_id FROM tenant_billing WHERE tenant_pubkey = ${tenantPubkey}`;
      return row?.stripe_customer_id ?? '';
    },

    /**
     * The customer whose card this process may ask about now, and the card that is kept. Null when there is none, when somebody asked within the last
     * 10 s, or (with `onlyWhileOwing`) when nothing is owed.
     */
    claimCardCheck: async (tenantPubkey: Pubkey, { onlyWhileOwing = false } = {}): Promise<CardCheck | null> => {
      const now = clock.now();
      const [claimed] = await client.$queryRaw<
        { stripe_customer_id: string; stripe_payment_method_id: string | null }[]
      >`
        UPDATE tenant_billing billing SET card_checked_at = ${now}
        WHERE tenant_pubkey = ${tenantPubkey} AND stripe_customer_id <> ''
          AND (card_checked_at IS NULL OR card_checked_at <= ${new Date(now.getTime() - CHECK_PAUSE_MS)})
          AND ${onlyWhileOwing ? owes : Prisma.sql`true`}
        RETURNING stripe_customer_id, stripe_payment_method_id`;
      return claimed ? { customerId: claimed.stripe_customer_id, cardId: claimed.stripe_payment_method_id } : null;
    },

    /** What Stripe said. Another card, or none, clears the error of the last and is newer than its last try, whatever clocks say. */
    saveCard: async (tenantPubkey: Pubkey, cardId: string | null): Promise<void> => {
      await client.$executeRaw`
        UPDATE tenant_billing SET stripe_payment_method_id = ${cardId}, stripe_error = NULL, stripe_error_at = NULL,
          card_changed_at = greatest(${clock.now()}::timestamptz, card_tried_at + interval '1 millisecond')
        WHERE tenant_pubkey = ${tenantPubkey} AND stripe_payment_method_id IS DISTINCT FROM ${cardId}`;
    },
  };
}
