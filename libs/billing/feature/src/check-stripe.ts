import type { Id, Pubkey } from '@caravel/domain';
import { withDeadline } from '@caravel/service';
import type { Logger } from '@caravel/service';
import type { askStripe } from './ask-stripe.js';
import type { checkCheckouts } from './check-checkouts.js';
import type { checkOffers } from './check-offers.js';
import type { CollectionBook } from './collection-book.js';
import type { readCard } from './read-card.js';

const STRIPE_TIMEOUT_MS = 2_500;

/**
 * Asks Stripe what it knows about a tenant that the rows don't: the saved card, paid Checkout pages, attempts whose end is
 * unknown. At most every 10 s, whoever is curious.
 */
export function checkStripe(deps: CheckStripeDeps) {
  return async (scope: SubjectScope, when?: { onlyWhileOwing?: boolean }): Promise<void> => {
    const tenantPubkey = 'tenantPubkey' in scope ? scope.tenantPubkey : await ownerOf(deps, scope.invoiceId);
    if (tenantPubkey === null) return;
    const card = async (): Promise<void> => {
      if (await deps.readCard(tenantPubkey, when)) await deps.askStripe({ tenantPubkey });
    };
    await Promise.all([deps.checkCheckouts(scope), card()]);
  };
}

async function ownerOf({ collection }: CheckStripeDeps, invoiceId: Id): Promise<Pubkey | null> {
  return (await collection.find(invoiceId))?.tenantPubkey ?? null;
}

/** Asks our wallet and Stripe side by side. Stripe's answers that take longer than 2.5 s are booked when they come. */
export function checkEverything({ checkOffers: check, checkStripe: ask, log }: CheckEverythingDeps) {
  return async (scope: SubjectScope, limits: Parameters<typeof check>[1]): Promise<number> => {
    const stripe = withDeadline(ask(scope), { timeoutMs: STRIPE_TIMEOUT_MS, what: 'Stripe' }).catch(
      (error: unknown) => {
        log.warn({ err: error, ...scope }, 'Stripe was not asked in time');
      },
    );
    const [claimed] = await Promise.all([check(scope, limits), stripe]);
    return claimed;
  };
}

export type SubjectScope = { tenantPubkey: Pubkey } | { invoiceId: Id };

interface CheckStripeDeps {
  collection: Pick<CollectionBook, 'find'>;
  checkCheckouts: ReturnType<typeof checkCheckouts>;
  readCard: ReturnType<typeof readCard>;
  askStripe: ReturnType<typeof askStripe>;
}

interface CheckEverythingDeps {
  checkOffers: ReturnType<typeof checkOffers>;
  checkStripe: ReturnType<typeof checkStripe>;
  log: Logger;
}
