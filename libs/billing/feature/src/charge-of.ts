import type { CardAttempt } from './card-book.js';
import type { CardCharge } from './card-desk.js';

/** What Stripe is asked for an attempt: the same each time, because the key is bound to it. */
export function chargeOf({ id, invoiceId, tenantPubkey, customerId, cardId, amountCents }: CardAttempt): CardCharge {
  return { attemptId: id, invoiceId, tenantPubkey, customerId, cardId, amountCents };
}
