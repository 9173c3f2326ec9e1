import type { Clock } from '@caravel/domain';
import type { Logger } from '@caravel/service';
import type { Tell } from './announce-tenant.js';
import type { CardAttempt, CardBook } from './card-book.js';
import type { CardDesk } from './card-desk.js';
import { readPaymentStatus } from './card-outcome.js';
import type { KnownOutcome } from './card-outcome.js';
import { nextStripeCheck } from './card-schedule.js';
import { nextTryAt } from './retry-schedule.js';

/**
 * Books how a pull by card ended. What may still become a payment (3-D Secure, processing) is cancelled first: it failed
 * only when Stripe says it is cancelled, and stays unknown while it can't be.
 */
export function concludeCard(deps: ConcludeDeps) {
  const { cards, stripe, clock, log, tell } = deps;
  const unknown = async ({ id, dispatchedAt }: DispatchedCard, paymentId: string | null): Promise<void> => {
    await cards.markCardUnknown(id, { paymentId, askAt: nextStripeCheck(dispatchedAt, clock.now()) });
  };

  return async (attempt: DispatchedCard, outcome: KnownOutcome): Promise<void> => {
    const ended = outcome.type === 'cancel' ? await cancel(stripe, outcome) : outcome;
    const { id: attemptId, invoiceId, tenantPubkey } = attempt;
    log.info({ tenantPubkey, invoiceId, attemptId, outcome: ended.type }, 'a card was charged or not');
    switch (ended.type) {
      case 'paid': {
        const { relays } = await cards.settleCard(attemptId, { paymentId: ended.paymentId });
        await tell(tenantPubkey, { relays });
        return;
      }
      case 'failed': {
        const next = nextTryAt(attempt.issuedAt, clock.now());
        await cards.failCard({ attemptId, error: ended.error, paymentId: ended.paymentId, nextTryAt: next });
        await tell(tenantPubkey, { relays: false });
        return;
      }
      case 'unknown':
        await unknown(attempt, ended.paymentId);
    }
  };
}

type Ended = Extract<KnownOutcome, { type: 'paid' | 'failed' | 'unknown' }>;

async function cancel(
  stripe: Pick<CardDesk, 'cancelPayment'>,
  { paymentId, error }: Extract<KnownOutcome, { type: 'cancel' }>,
): Promise<Ended> {
  const left = await stripe.cancelPayment(paymentId);
  const outcome = left && readPaymentStatus(left);
  if (outcome?.type === 'paid') return outcome;
  // The reason is why it was cancelled, not that it was.
  if (outcome?.type === 'failed') return { type: 'failed', error, paymentId };
  return { type: 'unknown', paymentId };
}

/** An attempt whose request has left. */
export interface DispatchedCard extends CardAttempt {
  issuedAt: Date;
  dispatchedAt: Date;
}

export interface ConcludeDeps {
  cards: Pick<CardBook, 'settleCard' | 'failCard' | 'markCardUnknown'>;
  stripe: Pick<CardDesk, 'cancelPayment'>;
  clock: Clock;
  log: Logger;
  tell: Tell;
}
