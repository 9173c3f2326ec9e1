import { Prisma } from '@caravel/platform-data-access';

/** Neither paid nor voided. `invoice` is the table. */
export const isOpen = Prisma.sql`invoice.paid_at IS NULL AND invoice.voided_at IS NULL`;

/** An attempt whose end nobody knows yet: no other may begin, and the invoice is not voided. */
export const isBusy = Prisma.sql`EXISTS (SELECT FROM collection_attempt attempt WHERE attempt.invoice_id = invoice.id
  AND attempt.state IN ('created', 'dispatched', 'unknown'))`;

/** It is time for the next try. */
export const isDue = (now: Date) => Prisma.sql`invoice.next_try_at <= ${now}`;

/** A wallet or card that was just set tries at once, and no more often than this. */
export const NEW_WAY_PAUSE_MS = 600_000;

/**
 * When a wallet or card that was set since its kind was last tried makes the tenant's invoices due: not before `earliest`, nor
 * within ten minutes of that try. NULL without such a one. Needs `wallet` and `billing`.
 */
export const newWayAt = (earliest: Date) => Prisma.sql`least(
  CASE WHEN wallet.sealed_url IS NOT NULL AND (billing.wallet_tried_at IS NULL OR wallet.updated_at > billing.wallet_tried_at)
       THEN greatest(${earliest}::timestamptz, billing.wallet_tried_at + interval '10 minutes') END,
  CASE WHEN billing.stripe_payment_method_id IS NOT NULL
         AND (billing.card_tried_at IS NULL OR billing.card_changed_at > billing.card_tried_at)
       THEN greatest(${earliest}::timestamptz, billing.card_tried_at + interval '10 minutes') END)`;

/** One tenant's rows at a time: of a batch whose size a plan can't know, it would read both tables whole. */
export const withWallet = Prisma.sql`LEFT JOIN LATERAL (
    SELECT sealed_url FROM tenant_wallet WHERE tenant_wallet.tenant_pubkey = invoice.tenant_pubkey OFFSET 0) AS wallet ON true
  LEFT JOIN LATERAL (
    SELECT stripe_payment_method_id FROM tenant_billing WHERE tenant_billing.tenant_pubkey = invoice.tenant_pubkey
    OFFSET 0) AS billing ON true`;
