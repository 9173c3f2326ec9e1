import { Prisma } from '@caravel/platform-data-access';

/** A wallet or card that was just set tries at once, and no more often than this. */
const NEW_WAY_PAUSE_MS = 600_000;

/** Neither paid nor voided. `invoice` is the table. */
export const isOpen = Prisma.sql`invoice.paid_at IS NULL AND invoice.voided_at IS NULL`;

/** An attempt whose end nobody knows yet: no other may begin, and the invoice is not voided. */
export const isBusy = Prisma.sql`EXISTS (SELECT FROM collection_attempt attempt WHERE attempt.invoice_id = invoice.id
  AND attempt.state IN ('created', 'dispatched', 'unknown'))`;

/** The tenant's wallet was set since it was last tried. Needs the joins of `withWallet`. */
export const walletIsNew = (now: Date) => Prisma.sql`wallet.sealed_url IS NOT NULL AND (billing.wallet_tried_at IS NULL
  OR (wallet.updated_at > billing.wallet_tried_at
      AND billing.wallet_tried_at <= ${new Date(now.getTime() - NEW_WAY_PAUSE_MS)}))`;

/** The tenant's card was saved since a card was last tried. Needs the joins of `withWallet`. */
export const cardIsNew = (now: Date) => Prisma.sql`billing.stripe_payment_method_id IS NOT NULL
  AND (billing.card_tried_at IS NULL OR (billing.card_changed_at > billing.card_tried_at
       AND billing.card_tried_at <= ${new Date(now.getTime() - NEW_WAY_PAUSE_MS)}))`;

/** It is time for the next try. Needs the joins of `withWallet`. */
export const isDue = (now: Date) =>
  Prisma.sql`(invoice.next_try_at <= ${now} OR (${walletIsNew(now)}) OR (${cardIsNew(now)}))`;

export const withWallet = Prisma.sql`LEFT JOIN tenant_wallet wallet ON wallet.tenant_pubkey = invoice.tenant_pubkey
  LEFT JOIN tenant_billing billing ON billing.tenant_pubkey = invoice.tenant_pubkey`;
