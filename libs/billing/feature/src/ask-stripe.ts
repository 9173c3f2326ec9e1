import type { Clock, Pubkey } from '@caravel/domain';
import { inParallel } from '@caravel/service';
import type { Logger } from '@caravel/service';
import type { CardBook, UnknownCard } from './card-book.js';
import type { CardDesk } from './card-desk.js';
import { readCharge, readPaymentStatus } from './card-outcome.js';
import type { KnownOutcome } from './card-outcome.js';
import { keyLives, listIsFinal } from './card-schedule.js';
import { chargeOf } from './charge-of.js';
import { CLAIM_LIMIT } from './claim-limit.js';
import type { clearTheWay } from './clear-the-way.js';
import type { concludeCard } from './conclude-card.js';

const CONCURRENCY = 4;

/**
 * Asks Stripe about card attempts whose end nobody knows, and books what it says. A payment that is known is read again.
 * Else, while the key lives and the invoice is open, the same request is sent again, which can't charge twice; later, or
 * when the invoice was paid another way, the customer's payments are listed: what is not there after a day never got there.
 * Never charges anew. Answers how many were claimed.
 */
export function askStripe(deps: AskStripeDeps) {
  return async (scope: CardScope): Promise<number> => {
    const claimed = await deps.cards.claimUnknownCards(scope, { limit: CLAIM_LIMIT });
    await inParallel(claimed, CONCURRENCY, async (attempt) => {
      try {
        await deps.concludeCard(attempt, await findOutcome(deps, attempt));
      } catch (error) {
        // Its claim runs out and it is asked about again.
        deps.log.error({ err: error, attemptId: attempt.id }, 'a card attempt could not be checked');
      }
    });
    return claimed.length;
  };
}

async function findOutcome(deps: AskStripeDeps, attempt: UnknownCard): Promise<KnownOutcome> {
  const { stripe, clock } = deps;
  const { paymentId, dispatchedAt, invoiceOpen } = attempt;
  if (paymentId !== null) {
    const payment = await stripe.getPayment(paymentId);
    return payment ? readPaymentStatus(payment) : unknown(paymentId);
  }
  if (invoiceOpen && keyLives(dispatchedAt, clock.now()) && (await deps.clearTheWay(attempt.invoiceId)) === 'clear') {
    const answer = await stripe.charge(chargeOf(attempt));
    // What Stripe did not do is this request; the one before it may be in its lists.
    if (answer.type === 'refused') return findListed(deps, attempt);
    const outcome = readCharge(answer);
    return outcome.type === 'not-done' ? unknown(null) : outcome;
  }
  return findListed(deps, attempt);
}

async function findListed({ stripe, clock }: AskStripeDeps, attempt: UnknownCard): Promise<KnownOutcome> {
  const { customerId, id: attemptId, dispatchedAt } = attempt;
  const askedAt = clock.now();
  const found = await stripe.findPayment({ customerId, attemptId, since: dispatchedAt });
  if (found === null) return unknown(null);
  if (found !== 'absent') return readPaymentStatus(found);
  if (!listIsFinal(dispatchedAt, askedAt)) return unknown(null);
  return { type: 'failed', error: 'Your card could not be charged. We will try again.', paymentId: null };
}

const unknown = (paymentId: string | null): KnownOutcome => ({ type: 'unknown', paymentId });

export type CardScope = 'due' | { tenantPubkey: Pubkey };

export interface AskStripeDeps {
  cards: Pick<CardBook, 'claimUnknownCards'>;
  stripe: CardDesk;
  clearTheWay: ReturnType<typeof clearTheWay>;
  concludeCard: ReturnType<typeof concludeCard>;
  clock: Clock;
  log: Logger;
}
