import type { Clock } from '@caravel/domain';
import type { Logger } from '@caravel/service';
import type { Tell } from './announce-tenant.js';
import type { CardAttempt, CardBook } from './card-book.js';
import type { CardDesk } from './card-desk.js';
import { readCharge } from './card-outcome.js';
import { chargeOf } from './charge-of.js';
import type { clearTheWay } from './clear-the-way.js';
import type { CollectableInvoice } from './collection-book.js';
import type { concludeCard } from './conclude-card.js';
import type { readCard } from './read-card.js';

/** A charge has 30 s and its cancellation some more; an attempt that is older was left behind by a crash. */
const STALE_MS = 60_000 + 60_000;
const OUT_OF_ORDER_MS = 60_000;

/** `none`: there is no card. `tried`: the attempt is booked, or nothing was to be tried any more. */
export type CardPull = 'none' | 'tried';

/**
 * One pull by card: charges the tenant's saved card off-session. What is about to happen is written first (`created`, and
 * `dispatched` right before the request leaves), so whatever line this process dies at, the rows say whether money can have
 * moved, and the sweep asks Stripe. While anything is out of order nothing is charged, and it is no try.
 */
export function pullFromCard(deps: PullFromCardDeps) {
  const { cards, clock } = deps;
  const staleAt = () => new Date(clock.now().getTime() + STALE_MS);

  return async (invoice: CollectableInvoice): Promise<CardPull> => {
    const read = await deps.readCard(invoice.tenantPubkey);
    if (!(read ? read.cardId !== null : invoice.hasCard)) return 'none';
    const attempt = await cards.beginCard({ invoiceId: invoice.id, staleAt: staleAt() });
    if (!attempt) return 'tried';

    const way = await deps.clearTheWay(invoice.id);
    if (way !== 'clear') {
      await giveBack(deps, attempt, way === 'paid' ? 0 : OUT_OF_ORDER_MS);
      if (way === 'paid') await deps.tell(invoice.tenantPubkey);
      return 'tried';
    }
    if (await cards.dispatchCard(attempt.id, { staleAt: staleAt() })) await charge(deps, invoice, attempt);
    else await giveBack(deps, attempt, 0);
    return 'tried';
  };
}

async function charge(deps: PullFromCardDeps, { issuedAt }: CollectableInvoice, attempt: CardAttempt): Promise<void> {
  const { stripe, clock, log } = deps;
  const dispatchedAt = clock.now();
  const answer = await stripe.charge(chargeOf(attempt));
  const outcome = readCharge(answer);
  if (outcome.type !== 'not-done') {
    await deps.concludeCard({ ...attempt, issuedAt, dispatchedAt }, outcome);
    return;
  }
  if (answer.type === 'refused')
    log.error({ alert: 'stripe', attemptId: attempt.id, code: answer.code }, 'Stripe refused a charge');
  await giveBack(deps, attempt, Math.max(outcome.retryAfterMs, OUT_OF_ORDER_MS));
}

async function giveBack({ cards, clock }: PullFromCardDeps, { id }: CardAttempt, pauseMs: number): Promise<void> {
  await cards.giveBackCard(id, { until: new Date(clock.now().getTime() + pauseMs) });
}

export interface PullFromCardDeps {
  cards: CardBook;
  stripe: CardDesk;
  readCard: ReturnType<typeof readCard>;
  clearTheWay: ReturnType<typeof clearTheWay>;
  concludeCard: ReturnType<typeof concludeCard>;
  clock: Clock;
  log: Logger;
  tell: Tell;
}
