import type { NextOutcomes } from './next-outcomes.js';
import type { StripeLedgerBook } from './stripe-ledger.js';
import type { PaymentIntent, StripeKind, StripeKinds, StripeObject } from './stripe-objects.js';
import type { StripeStore } from './stripe-store.js';

/** What routes, actions and pages work on. */
export interface StripeWorld {
  store: StripeStore;
  ledger: StripeLedgerBook;
  next: NextOutcomes;
  /** PaymentIntents in `processing` that may be cancelled all the same. */
  cancellable: Set<string>;
  /** What a Checkout session's PaymentIntent will say, by session. */
  checkoutData: Map<string, Partial<PaymentIntent>>;
  /** The injected clock. */
  nowS: () => number;
  /** Where the pages of Checkout and the portal are. */
  baseUrl: () => string;
  /** An event of the object as it is now; delivered when a webhook is set. */
  emit: (type: string, object: StripeObject) => void;
}

/** Puts the changed object in the place of the old one. */
export function update<K extends StripeKind>(
  { store }: StripeWorld,
  kind: K,
  change: { id: string } & Partial<StripeKinds[K]>,
): StripeKinds[K] {
  return store.put(kind, { ...store.get(kind, change.id), ...change });
}
