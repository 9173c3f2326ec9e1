import { unixSeconds } from '@caravel/domain';
import type { Clock } from '@caravel/domain';
import type { PrismaClient } from '@caravel/platform-data-access';

/**
 * When the rows next say that there is work, in unix seconds, for each sweep that reads due rows and for the robot
 * (`messages`); Infinity when they don't. Before then the sweep would find nothing, so virtual time may jump.
 */
export async function nextDueS(client: PrismaClient, clock: Clock): Promise<Map<string, number>> {
  const now = clock.now();
  const [row = {}] = await client.$queryRaw<Record<string, Date | null>[]>`
    SELECT least(
      (SELECT min(period_end) FROM tenant_billing WHERE anchor IS NOT NULL),
      (SELECT ${now}::timestamptz WHERE EXISTS (
        SELECT FROM activity WHERE billed_at IS NULL AND resource_type = 'relay'))) AS accounts,
    least(
      (SELECT min(next_try_at) FROM invoice WHERE paid_at IS NULL AND voided_at IS NULL AND NOT EXISTS (
        SELECT FROM collection_attempt attempt WHERE attempt.invoice_id = invoice.id
          AND attempt.state IN ('created', 'dispatched', 'unknown'))),
      (SELECT min(updated_at) FROM tenant_wallet WHERE noticed_at IS DISTINCT FROM updated_at),
      (SELECT min(card_changed_at) FROM tenant_billing WHERE card_noticed_at IS DISTINCT FROM card_changed_at),
      (SELECT min(next_check_at) FROM collection_attempt WHERE state IN ('created', 'dispatched'))) AS collection,
    (SELECT min(next_check_at) FROM offer WHERE settled_at IS NULL AND closed_at IS NULL AND kind = 'bolt11') AS offers,
    (SELECT min(next_check_at) FROM offer WHERE settled_at IS NULL AND closed_at IS NULL AND kind = 'checkout') AS checkouts,
    (SELECT min(next_check_at) FROM collection_attempt WHERE state = 'unknown' AND rail = 'card') AS cards,
    (SELECT min(next_check_at) FROM refund WHERE state IN ('created', 'dispatched', 'unknown')) AS refunds,
    (SELECT min(dunning_at) FROM tenant_billing) AS dunning,
    (SELECT min(next_try_at) FROM message
     WHERE sent_at IS NULL AND undeliverable_at IS NULL AND cancelled_at IS NULL) AS messages`;
  const nowS = unixSeconds(now);
  // The next second that is not before it: a due time has milliseconds.
  const secondOf = (at: Date): number => Math.max(Math.ceil(at.getTime() / 1000), nowS);
  return new Map(Object.entries(row).map(([sweep, at]) => [sweep, at ? secondOf(at) : Infinity]));
}
