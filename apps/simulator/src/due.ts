import { firstNoticeMs } from '@caravel/billing-domain';
import { unixSeconds } from '@caravel/domain';
import type { Clock } from '@caravel/domain';
import type { PrismaClient } from '@caravel/platform-data-access';
import { GRACE_DAYS } from './replica.js';

const FIRST_NOTICE_S = firstNoticeMs({ shortGrace: false }, GRACE_DAYS) / 1000;
/** A wallet or card whose bell was lost longer ago than this waits for its invoice's next try. */
const NEW_WAY_MS = 86_400_000;

/**
 * When the rows next say that there is work, in unix seconds, for each sweep that reads due rows and for the robot
 * (`messages`); Infinity when they don't. Before then the sweep would find nothing, so virtual time may jump.
 */
export async function nextDueS(client: PrismaClient, clock: Clock): Promise<Map<string, number>> {
  const now = clock.now();
  const since = new Date(now.getTime() - NEW_WAY_MS);
  const [row = {}] = await client.$queryRaw<Record<string, Date | null>[]>`
    SELECT least(
      (SELECT min(period_end) FROM tenant_billing WHERE anchor IS NOT NULL),
      (SELECT ${now}::timestamptz WHERE EXISTS (
        SELECT FROM activity WHERE billed_at IS NULL AND resource_type = 'relay'))) AS accounts,
    least(
      (SELECT min(least(next_try_at, wallet.due_at, card.due_at)) FROM invoice
       LEFT JOIN tenant_billing billing USING (tenant_pubkey)
       LEFT JOIN LATERAL (
         SELECT greatest(updated_at, billing.wallet_tried_at + interval '10 minutes') AS due_at FROM tenant_wallet wallet
         WHERE wallet.tenant_pubkey = invoice.tenant_pubkey AND sealed_url IS NOT NULL AND updated_at >= ${since}
           AND (billing.wallet_tried_at IS NULL OR updated_at > billing.wallet_tried_at)) AS wallet ON true
       LEFT JOIN LATERAL (
         SELECT greatest(card_changed_at, card_tried_at + interval '10 minutes') AS due_at
         WHERE stripe_payment_method_id IS NOT NULL AND card_changed_at >= ${since}
           AND (card_tried_at IS NULL OR card_changed_at > card_tried_at)) AS card ON true
       WHERE paid_at IS NULL AND voided_at IS NULL AND NOT EXISTS (
        SELECT FROM collection_attempt attempt WHERE attempt.invoice_id = invoice.id
          AND attempt.state IN ('created', 'dispatched', 'unknown'))),
      (SELECT min(next_check_at) FROM collection_attempt WHERE state IN ('created', 'dispatched'))) AS collection,
    (SELECT min(next_check_at) FROM offer WHERE settled_at IS NULL AND closed_at IS NULL AND kind = 'bolt11') AS offers,
    (SELECT min(next_check_at) FROM offer WHERE settled_at IS NULL AND closed_at IS NULL AND kind = 'checkout') AS checkouts,
    (SELECT min(next_check_at) FROM collection_attempt WHERE state = 'unknown' AND rail = 'card') AS cards,
    least(
      (SELECT ${now}::timestamptz WHERE EXISTS (SELECT FROM tenant_billing WHERE churned_at IS NOT NULL OR short_grace)),
      (SELECT min(issued_at) + ${FIRST_NOTICE_S}::int * interval '1 second' FROM invoice
       WHERE paid_at IS NULL AND voided_at IS NULL AND tries > 0)) AS dunning,
    (SELECT min(next_try_at) FROM message
     WHERE sent_at IS NULL AND undeliverable_at IS NULL AND cancelled_at IS NULL) AS messages`;
  const nowS = unixSeconds(now);
  // The next second that is not before it: a due time has milliseconds.
  const secondOf = (at: Date): number => Math.max(Math.ceil(at.getTime() / 1000), nowS);
  return new Map(Object.entries(row).map(([sweep, at]) => [sweep, at ? secondOf(at) : Infinity]));
}
