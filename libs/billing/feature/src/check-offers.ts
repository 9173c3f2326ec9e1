import type { Clock, Id } from '@caravel/domain';
import { inParallel } from '@caravel/service';
import type { Logger } from '@caravel/service';
import type { Tell } from './announce-tenant.js';
import { CLAIM_LIMIT } from './claim-limit.js';
import type { ClaimedOffer, CollectionBook, UnsettledOffer } from './collection-book.js';
import { EXPIRY_MARGIN_MS, nextOfferCheck, retryOfferCheck } from './offer-schedule.js';
import { nextTryAt } from './retry-schedule.js';
import type { SystemWallet } from './system-wallet.js';

const CONCURRENCY = 8;

/**
 * Asks our wallet about offers and books what it says: money that came by hand or by a pull whose answer was lost. "Not paid",
 * asked at least 60 s after the offer expired, is what ends an unknown attempt as failed; nothing else does. An offer of an
 * invoice that was closed otherwise is asked about as well. Answers how many were claimed.
 */
export function checkOffers(deps: CheckOffersDeps) {
  return async (scope: OfferScope, { timeoutMs, signal }: AskLimits = {}): Promise<number> => {
    const claimed = await deps.collection.claimOffers(scope, { limit: CLAIM_LIMIT });
    const unsettled: UnsettledOffer[] = [];
    await inParallel(claimed, CONCURRENCY, async (offer) => {
      try {
        const left = await checkOffer(deps, offer, { timeoutMs, signal });
        if (left) unsettled.push(left);
      } catch (error) {
        // Its claim runs out and it is asked about again.
        deps.log.error({ err: error, offerId: offer.id }, 'an offer could not be checked');
      }
    });
    if (unsettled.length > 0) await deps.collection.markUnsettled(unsettled);
    return claimed.length;
  };
}

/** Answers an offer of which the payee said "not paid"; null when there is nothing more to write down. */
async function checkOffer(
  deps: CheckOffersDeps,
  offer: ClaimedOffer,
  limits: AskLimits,
): Promise<UnsettledOffer | null> {
  const { collection, systemWallet, clock, log, tell } = deps;
  const { id: offerId, invoiceId, tenantPubkey, paymentHash, unknownAttempt } = offer;
  const schedule = { ...offer, pulledAt: unknownAttempt?.dispatchedAt ?? null };
  const askedAt = clock.now();
  const answer = await systemWallet.lookupInvoice({ paymentHash, ...limits });

  if (answer === 'settled') {
    const { settlement, relays } = await collection.settle(offerId);
    log.info({ tenantPubkey, invoiceId, offerId, settlement }, 'an offer was paid');
    await tell(tenantPubkey, { relays });
    return null;
  }
  if (answer === 'unknown') {
    await collection.askAgain(offerId, retryOfferCheck(schedule, clock.now()));
    return null;
  }
  const final = askedAt.getTime() >= offer.expiresAt.getTime() + EXPIRY_MARGIN_MS;
  if (final && unknownAttempt) await failAttempt(deps, offer, unknownAttempt.id);
  return { id: offerId, nextCheckAt: nextOfferCheck(schedule, askedAt) };
}

async function failAttempt(deps: CheckOffersDeps, offer: ClaimedOffer, attemptId: Id): Promise<void> {
  const { collection, clock, log, tell } = deps;
  const invoice = await collection.find(offer.invoiceId);
  const now = clock.now();
  const error = 'Your wallet did not complete the payment in time.';
  await collection.fail({ attemptId, error, nextTryAt: nextTryAt(invoice?.issuedAt ?? now, now) });
  log.info(
    { tenantPubkey: offer.tenantPubkey, invoiceId: offer.invoiceId, attemptId },
    'an unknown attempt had failed',
  );
  await tell(offer.tenantPubkey, { relays: false });
}

export type OfferScope = Parameters<CollectionBook['claimOffers']>[0];

export interface AskLimits {
  /** How long each answer is waited for. */
  timeoutMs?: number | undefined;
  signal?: AbortSignal | undefined;
}

export interface CheckOffersDeps {
  collection: CollectionBook;
  systemWallet: SystemWallet;
  clock: Clock;
  log: Logger;
  tell: Tell;
}
